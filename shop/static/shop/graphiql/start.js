// Starts GraphiQL with our own files. The page's CSRF token goes along with the session cookie;
// a bearer token typed into the headers tab is used instead of the session.
const place = document.getElementById("graphiql");

const EXAMPLE = `# Chợ Phiên qua GraphQL: đi một vòng từ món hàng đến thu nhập của người làm ra nó.
# A tour in four steps. Ctrl+Enter runs the query at the cursor; the book on the left is the documentation.
# Bước sau cần những gì bước trước trả lời: bỏ dấu # ở đầu dòng rồi điền vào chỗ "…".

# 1. Đang bán gì. What is on sale.
query DangBan {
  products(first: 5) {
    totalCount
    edges {
      node {
        name
        slug
        organization { name }
        variants { id name unitName priceDong available }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}

# 2. Đặt hàng. Place an order: the same idempotencyKey never orders twice.
# mutation DatHang {
#   orderPlace(input: {
#     lines: [{ variantId: "…", quantity: 2 }]
#     buyer: { name: "Hoàng Văn Dũng", phone: "0912 000 004", address: "Xóm 5, xã Yên Mô" }
#     idempotencyKey: "mỗi đơn một chuỗi mới"
#   }) {
#     orders { number token state totalDong paymentRequests { code dueDong state } }
#     errors { field code message }
#   }
# }

# 3. Trả tiền. What the payment page shows; ask again after the transfer.
# query TraTien {
#   paymentRequest(code: "…") {
#     code state dueDong dueInWords paidDong memo payload
#     bankAccount { bankName number holder }
#   }
# }

# 4. Thu nhập (đăng nhập là thành viên ấy hoặc người của hợp tác xã). What a member earned.
# query ToiLaAi {
#   me { name memberships { id number organization { slug name } } }
# }
# query ThuNhap {
#   memberIncome(memberId: "…", from: "2026-01", to: "2026-12") {
#     label months { month incomeDong } totalDong owedDong paidOutDong baselineDong baselineCovers
#   }
# }
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
