"""Say the operation, open the file: mutations and queries have the files of their names (decision 36)."""

import re
from pathlib import Path

import pytest

from tests.architecture.pages import ROOT, page
from tests.architecture.tree import operations

QUERIES = sorted(
    re.sub(r"(?=[A-Z])", "_", name).lower()
    for name in re.findall(
        r"^  ([a-z]\w*)[(:]",
        page("schema/schema.graphql").split("\ntype Query {", 1)[1].split("\n}", 1)[0],
        re.MULTILINE,
    )
)

# Not in the domain: signing in by the identity provider is a request to it (server/auth/oidc); then an identity is
# linked, an invitation accepted and a token issued, each of which has a file.
NOT_IN_THE_DOMAIN = {"begin_oidc_sign_in", "complete_oidc_sign_in"}


def files(pattern: str) -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern))


@pytest.mark.parametrize("operation", sorted(operations()))
def test_a_mutation_has_one_file_of_its_name_in_every_folder(operation: str) -> None:
    assert len(files(f"schema/*/{operation}.py")) == 1
    assert files(f"tests/api/test_{operation}.py") == [f"tests/api/test_{operation}.py"]
    if operation in NOT_IN_THE_DOMAIN:
        assert files(f"domain/*/{operation}.py") == []
        return
    [in_domain] = files(f"domain/*/{operation}.py")
    assert files(f"tests/domain/*/test_{operation}.py") == [
        f"tests/domain/{Path(in_domain).parent.name}/test_{operation}.py"
    ]


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_has_a_test_of_its_name_and_stands_in_the_queries_of_its_feature(query: str) -> None:
    assert files(f"tests/api/test_{query}.py") == [f"tests/api/test_{query}.py"]
    defining = [path for path in files("schema/*/queries.py") + files("schema/*.py") if f"def {query}(" in page(path)]
    assert len(defining) == 1, defining
