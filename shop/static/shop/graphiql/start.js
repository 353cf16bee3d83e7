// Starts GraphiQL with our own files. The page's CSRF token goes along with the session cookie;
// a bearer token typed into the headers tab is used instead of the session.
const place = document.getElementById("graphiql");

const EXAMPLE = `# Chợ Phiên. Ctrl+Enter chạy truy vấn; bảng bên trái là tài liệu.
# Ctrl+Enter runs the query; the book on the left holds the documentation.

query DangBan {
  products(first: 5) {
    totalCount
    edges {
      node {
        name
        slug
        variants { unit priceDong }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}

# Trang thanh toán của một mã (ai có mã cũng xem được):
#   query { paymentRequest(code: "CP…") { code dueDong state } }
# Thu nhập của một hộ (thành viên ấy và thủ quỹ xem được):
#   query { memberIncome(memberId: "…", from: "2026-01", to: "2026-12") { month incomeDong } }
`;

async function ask(params, options) {
  const response = await fetch(place.dataset.endpoint, {
    method: "POST",
    credentials: "same-origin",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json, application/json;q=0.9",
      "X-CSRFToken": place.dataset.csrf,
      ...(options && options.headers),
    },
    body: JSON.stringify(params),
  });
  return response.json();
}

ReactDOM.createRoot(place).render(
  React.createElement(GraphiQL, { fetcher: ask, defaultQuery: EXAMPLE, shouldPersistHeaders: false }),
);
