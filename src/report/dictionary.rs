//! The data dictionary: what every column of every table is, read off the declarations.

use std::fmt::Write as _;

use crate::error::Error;
use crate::report::table::{Column, Declared};

/// The dictionary as Markdown: one section per table.
pub fn markdown(tables: &[Declared]) -> String {
    let mut page = String::from(
        "# Data dictionary\n\nEvery table is a Parquet file; those of a run have a CSV mirror on request, unless it says otherwise. A column marked *optional* \
         may have missing values: null in Parquet, empty in CSV. The unit 1 means a pure number.\n",
    );
    page.push_str(&keys(tables));
    for table in tables {
        // Writing to a String cannot fail.
        let _ = write!(page, "\n## {}\n\n{}\n\n", table.name, table.about);
        page.push_str("| column | type | unit | meaning |\n|---|---|---|---|\n");
        for column in &table.columns {
            let [name, kind, unit, meaning] = [column.name, &kind(column), column.unit, &column.meaning].map(cell);
            let _ = writeln!(page, "| `{name}` | {kind} | {unit} | {meaning} |");
        }
    }
    page
}

/// The dictionary as CSV: one line per column of each table.
///
/// # Errors
/// None in practice: the text is built in memory.
pub fn csv(tables: &[Declared]) -> Result<String, Error> {
    let failed = |error: &dyn std::fmt::Display| Error::Failed(format!("could not build the data dictionary: {error}"));
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["table", "column", "type", "optional", "unit", "meaning"]).map_err(|error| failed(&error))?;
    for table in tables {
        for column in &table.columns {
            let optional = if column.optional { "true" } else { "false" };
            out.write_record([table.name, column.name, column.kind.word(), optional, column.unit, &column.meaning])
                .map_err(|error| failed(&error))?;
        }
    }
    let bytes = out.into_inner().map_err(|error| failed(&error))?;
    String::from_utf8(bytes).map_err(|error| failed(&error))
}

/// How firms are found again from table to table, where tables have firms.
fn keys(tables: &[Declared]) -> String {
    let has = |table: &&Declared, name| table.columns.iter().any(|column: &Column| column.name == name);
    let both = |table: &&Declared| has(table, "replicate") && has(table, "firm") && !table.name.starts_with("graph-");
    let names: Vec<&str> = tables.iter().filter(both).map(|table| table.name).collect();
    let Some(first) = names.first() else { return String::new() };
    let mut text = String::from(
        "\nA firm is known by `replicate` and `firm` together; the same `firm` is another firm in another replicate.\n",
    );
    if let Some(second) = names.get(1) {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n```sql\nselect * from '{first}.parquet' join '{second}.parquet' using (replicate, firm)\n```\n"
        );
    }
    text
}

fn kind(column: &Column) -> String {
    let word = column.kind.word();
    if column.optional { format!("{word}, optional") } else { word.to_owned() }
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::table::declared;

    crate::table! {
        /// One row per firm.
        pub struct Firm in "firms" {
            /// Number of the firm.
            firm: i64, "";
            /// Share|split, "quoted".
            fsts: Option<f32>, "1";
        }
    }

    #[test]
    fn both_forms_list_every_column() {
        let tables = [declared::<Firm>()];
        let page = markdown(&tables);
        assert!(page.contains("\n## firms\n\nOne row per firm.\n\n| column | type"));
        assert!(page.ends_with(
            "| `firm` | i64 |  | Number of the firm. |\n| `fsts` | f32, optional | 1 | Share\\|split, \"quoted\". |\n"
        ));
        assert_eq!(
            csv(&tables).unwrap(),
            "table,column,type,optional,unit,meaning\nfirms,firm,i64,false,,Number of the firm.\n\
             firms,fsts,f32,true,1,\"Share|split, \"\"quoted\"\".\"\n"
        );
    }
}
