"""Holds every table the program writes to the readers people use: pandas, pyarrow, polars, DuckDB and base R.

Differences of counts and years come out right, a firm is found again by replicate and firm together, and the snippets
that the documents print run as they stand. Called with the program and a folder to work in.
"""

import pathlib
import re
import subprocess
import sys

import duckdb
import numpy
import pandas
import polars
import pyarrow
import pyarrow.parquet

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
KEY = ["replicate", "firm"]
# What stands for the folder of a result in the documents.
PLACE = "output/belgium-xxxxxxxx"


def make(program, work):
    """One result of each kind, with every table it can have."""

    def run(*words):
        subprocess.run([program, *map(str, words)], check=True)

    run("run", HERE / "study.toml", "--out", work / "run", "--no-figures", "--quiet")
    run("compare", HERE / "comparison.toml", "--out", work / "comparison", "--twins", "--quiet")
    store = work / "sweep"
    run("sweep", "run", HERE / "sweep.toml", "--store", store, "--quiet")
    for kind in ["parquet", "csv"]:
        run("sweep", "export", HERE / "sweep.toml", "--store", store, "--format", kind, "--out", store / f"runs.{kind}")


def whole_numbers_are_signed(path):
    for field in pyarrow.parquet.read_schema(path):
        kind = field.type.value_type if pyarrow.types.is_dictionary(field.type) else field.type
        assert not pyarrow.types.is_unsigned_integer(kind), f"{path}: {field}"
        assert not pyarrow.types.is_integer(kind) or kind.bit_width >= 32, f"{path}: {field} is narrow"
        if field.name in KEY:
            assert kind == pyarrow.int64(), f"{path}: {field}: a key has one type everywhere, or joins are refused"


def differences_have_their_sign(path):
    """The smallest value less the largest, in every whole-number column, as each reader takes it."""
    frame, lazy = pandas.read_parquet(path), polars.read_parquet(path)
    for field in pyarrow.parquet.read_schema(path):
        if not pyarrow.types.is_integer(field.type) or frame[field.name].isna().all():
            continue
        name = field.name
        values = [int(value) for value in frame[name].dropna()]
        want = min(values) - max(values)
        shown = f"{path}: {name}"
        column = frame[name].dropna()
        assert int(column.min() - column.max()) == want, f"{shown} in pandas"
        assert column.sort_values().diff().dropna().ge(0).all(), f"{shown} in pandas"
        assert lazy.select(polars.col(name).min() - polars.col(name).max()).item() == want, f"{shown} in polars"
        assert lazy[name].sort(descending=True).diff().drop_nulls().le(0).all(), f"{shown} in polars"
        sql = f'select min("{name}") - max("{name}") from read_parquet(?)'
        assert duckdb.execute(sql, [str(path)]).fetchone()[0] == want, f"{shown} in DuckDB"


def text_says_the_same(path):
    table, text = pandas.read_parquet(path), pandas.read_csv(path.with_suffix(".csv"), keep_default_na=False, na_values=[""])
    assert list(table.columns) == list(text.columns) and len(table) == len(text), path
    for name in table.select_dtypes("number"):
        # Floats of 32 bits are written with the digits that bring them back.
        other = text[name].astype(table[name].dtype) if not text[name].isna().any() else text[name]
        assert numpy.allclose(table[name], other, rtol=1e-6, equal_nan=True), f"{path}: {name}"


def a_firm_is_found_by_both_keys(run):
    lives = pandas.read_parquet(run / "trajectories.parquet")
    years = pandas.read_parquet(run / "firms.parquet")
    assert not lives.duplicated(KEY).any() and lives["firm"].duplicated().any()
    assert not years.duplicated([*KEY, "year"]).any()
    both = years.merge(lives, on=KEY, suffixes=("", "_of_life"), validate="many_to_one")
    assert len(both) == len(years)
    for trait in ["home", "sector", "founded", "proactivity_at_birth"]:
        assert (both[trait].astype(str) == both[trait + "_of_life"].astype(str)).all(), trait
    for name in ["panel", "events", "ties"]:
        table = pandas.read_parquet(run / f"{name}.parquet")
        # A firm that failed as observation began has left events and no life.
        table = table[table.get("quarter", pandas.Series(1, table.index)) > 0]
        assert len(table.merge(lives, on=KEY, suffixes=("", "_of_life"))) == len(table), name
        joined = polars.read_parquet(run / f"{name}.parquet").join(polars.read_parquet(run / "firms.parquet"), on=[*KEY, "year"]) \
            if "year" in table else None
        assert joined is None or len(joined) > 0, name


def traits_are_those_of_one_firm(run):
    years = pandas.read_parquet(run / "firms.parquet")
    fixed = ["home", "sector", "district", "founded", "size_at_birth", "appeal", "founder_contacts", "peers_offline"]
    assert (years.groupby(KEY)[fixed].nunique() == 1).all().all(), "born with it"
    for name in [name for name in years if name.startswith("barrier_")] + ["business_skill", "digital_skill", "objectives"]:
        assert years[name].between(0, 1).all(), name
    newborn = years[years["age"] == 0]
    assert (newborn["founded"] == newborn["year"]).all()
    assert years["relational_share"].notna().equals(years["sns"])
    for name in ["home", "sector", "orientation"]:
        assert isinstance(years[name].dtype, pandas.CategoricalDtype), name


def snippets(language):
    """The snippets of the documents, with where they stand."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    for page in pages:
        for code in re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.M | re.S):
            yield page.name, code


def printed_snippets_run(run):
    seen = 0
    for page, code in snippets("python"):
        assert PLACE in code, f"{page}: a snippet names its result\n{code}"
        exec(compile(code.replace(PLACE, str(run)), page, "exec"), {})
        seen += 1
    for page, code in snippets("sql"):
        duckdb.execute(re.sub(r"'(\w+\.parquet)'", lambda name: f"'{run / name[1]}'", code.replace(PLACE, str(run)))).fetchall()
        seen += 1
    for page, code in snippets("r"):
        subprocess.run(["Rscript", "--vanilla", "-e", code.replace(PLACE, str(run))], check=True, stdout=subprocess.DEVNULL)
        seen += 1
    assert seen >= 4, f"{seen} snippets"


def main(program, work):
    work.mkdir(parents=True)
    make(program, work)
    tables = sorted(work.rglob("*.parquet"))
    assert {path.name for path in tables} >= {"series.parquet", "firms.parquet", "twins.parquet", "effects.parquet", "runs.parquet"}
    for path in tables:
        whole_numbers_are_signed(path)
        differences_have_their_sign(path)
        if path.with_suffix(".csv").exists():
            text_says_the_same(path)
    a_firm_is_found_by_both_keys(work / "run")
    traits_are_those_of_one_firm(work / "run")
    printed_snippets_run(work / "run")
    texts = sorted(str(path) for path in work.rglob("*.csv"))
    subprocess.run(["Rscript", "--vanilla", str(HERE / "readers.R"), str(work / "run"), *texts], check=True)
    print(f"{len(tables)} tables and {len(texts)} texts read as they were written")


main(sys.argv[1], pathlib.Path(sys.argv[2]).resolve())
