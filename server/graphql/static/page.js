"use strict";

// The endpoint stands beside this page, under whatever prefix both are served.
const url = new URL("../graphql", document.baseURI).href;

const welcome = `# Sign in first; the token goes into Headers, below:
#   { "Authorization": "Bearer <token>" }
#
# Ctrl-Space completes and Ctrl-Enter runs. The book
# on the left explains every field.

query Hello {
  __typename
}
`;

ReactDOM.createRoot(document.getElementById("page")).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url }),
    defaultQuery: welcome,
    defaultEditorToolsVisibility: "headers",
    // A token left in the browser's storage would outlive the visit.
    shouldPersistHeaders: false,
  }),
);
