"""Static files under names that carry their hash, also where one script imports another."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedAssets(CompressedManifestStaticFilesStorage):
    """Rewrites ``import "./paying.js"`` too, so that a phone never mixes an old behaviour with a new page."""

    support_js_module_import_aggregation = True
