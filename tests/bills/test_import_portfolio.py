import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.bills.portfolios import EXAMPLE, UCI_HEADER, UCI_ROW, example, folder


def printed(capsys: pytest.CaptureFixture[str], *words: str, **options: Any) -> dict[str, Any]:
    call_command("import_portfolio", *words, "--json", **options)
    summary: dict[str, Any] = json.loads(capsys.readouterr().out)
    return summary


def test_the_summary_is_one_json_object(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    summary = printed(capsys, str(EXAMPLE))

    assert summary.pop("seconds") >= 0
    assert summary.pop("tables")["customers"] == {"rows": 3, "created": 3, "unchanged": 0}
    assert summary == {"rows": 19, "created": 19, "unchanged": 0, "refused": 0}


def test_the_second_time_every_row_is_unchanged(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    printed(capsys, str(EXAMPLE))

    summary = printed(capsys, str(EXAMPLE))

    assert (summary["created"], summary["unchanged"]) == (0, 19)


def test_people_read_a_table_of_what_was_taken(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_portfolio", str(EXAMPLE))

    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "customers              3 new          0 unchanged"
    assert lines[-1].startswith("19 rows: 19 new, 0 unchanged, in ")


def test_uci_is_another_format(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "uci.csv"
    file.write_text(f"{UCI_HEADER}\n{UCI_ROW}\n", encoding="utf-8")

    summary = printed(capsys, "--format", "uci", str(file))

    assert (summary["rows"], summary["created"]) == (1, 1)


def test_a_refusal_exits_with_one_and_names_the_rows(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = folder(tmp_path, repayments=example("repayments").replace("EX-2", "EX-7"))
    file = tmp_path / "named.csv"

    with pytest.raises(SystemExit) as caught:
        printed(capsys, str(made), "--refusals", str(file))

    assert caught.value.code == 1
    out, err = capsys.readouterr()
    summary = json.loads(out)
    assert [summary[key] for key in ("rows", "created", "unchanged", "refused")] == [19, 0, 0, 1]
    assert summary["refusals"] == [
        {"file": "repayments.csv", "row": 3, "column": "customer", "reason": "there is no customer EX-7"}
    ]
    assert summary["refusals_file"] == str(file)
    assert "there is no customer EX-7" in err
    assert err.splitlines()[-1] == f"Nothing was taken: 1 bad row is named in {file}."


def test_what_is_no_portfolio_exits_with_a_sentence(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        printed(capsys, str(tmp_path))

    assert caught.value.code == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["error"] == err.splitlines()[-1]
    assert "holds no file of a portfolio" in err
