"""What the database itself lets those see who may not see the whole book: one predicate and five policies a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from apps.access.domain.scope import Scope

PREFIX = "walls_"
WRITES = {"insert": "WITH CHECK ({})", "update": "USING ({0}) WITH CHECK ({0})", "delete": "USING ({})"}
STANDING = "current_setting('walls.standing', true)"
AGENCY = "nullif(current_setting('walls.agency', true), '')::bigint"
HOLDS = "(current_setting('walls.narrowed', true) = '' OR walls.holds({}))"
OFFICE = f"({STANDING} IN ('office', 'auditor'))"
PLACED = (
    f"SELECT FROM public.customers_placement AS placed WHERE placed.customer_id = {{}} AND placed.agency_id = {AGENCY}"
    " AND placed.recalled_at IS NULL"
)
SEES = f"(CASE {STANDING} WHEN 'agency' THEN EXISTS ({PLACED}) WHEN 'office' THEN true WHEN 'auditor' THEN true END)"


class Kind(StrEnum):
    """How a row is tied to a customer."""

    CUSTOMER = "customer"  # it is one, or names one by key
    PARENT = "parent"  # it hangs on a row that is
    PLACEMENT = "placement"  # it says with which agency a customer is
    REQUEST = "request"  # it names one by reference, or none
    OFFICE = "office"  # it belongs to none, or to all of them


@dataclass(frozen=True)
class Walled:
    """A table behind walls: the column that leads to a customer, or to the parent's key."""

    table: str
    kind: Kind
    column: str = ""
    parent: str = ""
    may_auditors_write: bool = False

    @property
    def predicate(self) -> str:
        """Whether whoever is behind the wall sees a row of the table."""
        column = f'{self.table}."{self.column}"'
        match self.kind:
            case Kind.CUSTOMER:
                return f"({SEES.format(column)} AND {HOLDS.format(column)})"
            case Kind.PARENT:
                return f"EXISTS (SELECT FROM public.{self.parent} AS parent WHERE parent.id = {column})"
            case Kind.PLACEMENT:
                mine = f"({STANDING} <> 'agency' OR agency_id = {AGENCY} AND recalled_at IS NULL)"
                return f"({STANDING} IN ('agency', 'office', 'auditor') AND {mine} AND {HOLDS.format(column)})"
            case Kind.REQUEST:
                seen = f"EXISTS (SELECT FROM public.customers_customer AS about WHERE about.reference = {column})"
                mine = f"{self.table}.made_by_id = nullif(current_setting('walls.actor', true), '')::bigint"
                return f"({seen} OR {column} = '' AND ({OFFICE} OR {mine}))"
            case Kind.OFFICE:
                return OFFICE

    def policies(self, app: str, auditor: str, walled: str) -> Iterator[tuple[str, str]]:
        """The name and the statement of each policy: the application sees all, behind a wall it sees what it may."""
        yield f"{PREFIX}open", f"FOR ALL TO {app} USING (true) WITH CHECK (true)"
        yield f"{PREFIX}audit", f"FOR SELECT TO {auditor} USING (true)"
        yield f"{PREFIX}see", f"FOR SELECT TO {walled} USING ({self.predicate})"
        may = self.predicate if self.may_auditors_write else f"{STANDING} <> 'auditor' AND {self.predicate}"
        for verb, clause in WRITES.items():
            yield f"{PREFIX}{verb}", f"FOR {verb.upper()} TO {walled} {clause.format(may)}"


def settings_of(scope: Scope, actor: int | None) -> dict[str, str]:
    """The settings of a transaction behind the wall of this scope, by name."""
    return {
        "walls.standing": scope.standing.value,
        "walls.agency": "" if scope.agency is None else str(scope.agency),
        "walls.actor": "" if actor is None else str(actor),
        "walls.own": scope.own_account,
        "walls.products": ",".join(scope.products),
        "walls.narrowed": "yes" if scope.own_account or scope.products else "",
    }
