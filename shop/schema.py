"""The sum of the floors' schemas. Its published form is schema.graphql."""

import graphene

import catalog.schema
import cooperatives.schema
import orders.schema
import payments.schema


class Query(
    payments.schema.Query, orders.schema.Query, catalog.schema.Query, cooperatives.schema.Query, graphene.ObjectType
):
    """What can be read. Rows come through ``visible_to``; a stranger gets null or an empty page."""


class Mutation(
    payments.schema.Mutations,
    orders.schema.Mutations,
    catalog.schema.Mutations,
    cooperatives.schema.Mutations,
    graphene.ObjectType,
):
    """What can be done. Each carries the thing it made and typed errors; repeating a key repeats nothing."""


schema = graphene.Schema(query=Query, mutation=Mutation)
