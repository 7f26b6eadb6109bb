//! Tables declared once: rows in, Parquet and CSV out, with units and meanings travelling along.
//!
//! A [`table!`](crate::table) block gives a row type; [`Table`] takes the rows of one file. Columns are built,
//! compressed and written on a thread of their own behind a bounded channel, in the order in which rows were
//! pushed: the same rows give the same bytes, and a slow disk slows the run down instead of filling the memory.
//!
//! Texts are `&'static str` and stored as a dictionary. Those that are not known when the program is compiled
//! (countries, platforms, sectors) go through [`label`] once, at load.
//!
//! Deliberately absent: times and machine names, which would make equal results differ.

mod encode;

use encode::{Encoder, encode};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

#[doc(hidden)]
pub use arrow_array::ArrayRef;
use arrow_array::builder::{BooleanBuilder, PrimitiveBuilder};
use arrow_array::types::{Float32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{DictionaryArray, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};

use crate::error::Error;
use crate::report::file::Draft;

/// Rows sent to the writing thread at a time.
const BATCH: usize = 1 << 14;
/// Batches that may wait for the writing thread.
const WAITING: usize = 4;
/// What a column of any table holds; the only door to the types of the files.
///
/// Whole numbers are signed, and wider than the numbers they hold: readers take differences in the type of the column,
/// where unsigned ones wrap round without a word and narrow ones overflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Years, ages, stages and counts within a firm.
    I32,
    /// Identities and counts of firms, contacts and ties.
    I64,
    F32,
    F64,
    Bool,
    /// A category: a dictionary in Parquet.
    Text,
}

impl Kind {
    /// The name shown in the data dictionary.
    pub fn word(self) -> &'static str {
        match self {
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::Bool => "bool",
            Self::Text => "text",
        }
    }

    /// Is it a number with a fraction?
    pub fn is_fraction(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }

    /// A column of this kind with what it says of itself; empty texts are left out.
    pub fn field(self, name: &str, optional: bool, unit: &str, meaning: &str) -> Field {
        let data = match self {
            Self::I32 => DataType::Int32,
            Self::I64 => DataType::Int64,
            Self::F32 => DataType::Float32,
            Self::F64 => DataType::Float64,
            Self::Bool => DataType::Boolean,
            Self::Text => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        };
        let about = [("unit", unit), ("meaning", meaning)].into_iter().filter(|(_, text)| !text.is_empty());
        Field::new(name, data, optional)
            .with_metadata(about.map(|(key, text)| (key.to_owned(), text.to_owned())).collect())
    }
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    /// Whether a value may be missing (null in Parquet, empty in CSV).
    pub optional: bool,
    /// The unit: `1` for pure numbers, empty where a unit makes no sense.
    pub unit: &'static str,
    pub meaning: String,
    coding: Coding,
}

impl Column {
    /// A column of the type `C`; used by [`table!`](crate::table) only.
    #[doc(hidden)]
    pub fn of<C: Cell>(name: &'static str, unit: &'static str, meaning: String) -> Self {
        Self { name, kind: C::KIND, optional: C::OPTIONAL, unit, meaning, coding: C::CODING }
    }

    fn field(&self) -> Field {
        self.kind.field(self.name, self.optional, self.unit, &self.meaning)
    }
}

/// How a column is stored in Parquet. Only encodings that pyarrow, polars, DuckDB and R's arrow read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Few distinct values.
    Dictionary,
    /// Identifiers and counts: differences between neighbours.
    Delta,
    /// Floats: the bytes of equal significance together.
    Split,
    /// Bits.
    Plain,
}

/// A table by name, with its columns: what the data dictionary lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// Stem of the file name.
    pub name: &'static str,
    /// What a row is.
    pub about: String,
    pub columns: Vec<Column>,
}

/// The declaration of a row type.
pub fn declared<R: Row>() -> Declared {
    Declared { name: R::NAME, about: R::about(), columns: R::columns() }
}

/// Rows as one batch of columns; the schema says the unit and the meaning of each, and holds `metadata`.
///
/// # Errors
/// The rows are more than a batch can hold.
pub fn batch<R: Row>(rows: &[R], metadata: &[(String, String)]) -> Result<RecordBatch, Error> {
    let fixed = [("table".to_owned(), R::NAME.to_owned()), ("meaning".to_owned(), R::about())];
    let fields: Vec<Field> = R::columns().iter().map(Column::field).collect();
    let schema = Schema::new(fields).with_metadata(fixed.into_iter().chain(metadata.iter().cloned()).collect());
    let mut columns = R::Columns::default();
    rows.iter().for_each(|row| row.append(&mut columns));
    RecordBatch::try_new(Arc::new(schema), R::take(&mut columns))
        .map_err(|error| Error::Failed(format!("could not build the table {}: {error}", R::NAME)))
}

/// A row type made by [`table!`](crate::table).
pub trait Row: Copy + Send + 'static {
    /// Stem of the file name.
    const NAME: &'static str;
    /// One builder per column.
    type Columns: Default + Send;
    /// What a row is: the doc comment of the struct.
    fn about() -> String;
    /// Every column in the order written.
    fn columns() -> Vec<Column>;
    /// Adds the row to the builders.
    fn append(self, columns: &mut Self::Columns);
    /// Takes what the builders hold.
    fn take(columns: &mut Self::Columns) -> Vec<ArrayRef>;
    /// Writes the row as one line of CSV; `scratch` is room for a cell.
    ///
    /// # Errors
    /// The file could not be written.
    fn write_csv<W: Write>(self, csv: &mut csv::Writer<W>, scratch: &mut String) -> csv::Result<()>;
}

/// A type a column can have. One without a sign becomes the next wider with one, so `u64` and `usize` have none.
pub trait Cell: Copy {
    const KIND: Kind;
    const OPTIONAL: bool;
    const CODING: Coding;
    type Builder: Default + Send;
    fn append(self, builder: &mut Self::Builder);
    fn take(builder: &mut Self::Builder) -> ArrayRef;
    /// Adds the value as text: floats by the shortest digits that read back equal, nothing for a missing value.
    fn text(self, out: &mut String);
}

/// Writes the cell impls of a type and of its `Option`; `$stored` is what the file holds.
macro_rules! cell {
    ($ty:ty as $stored:ty, $kind:ident, $coding:ident, $builder:ty, $format:literal) => {
        impl Cell for $ty {
            const KIND: Kind = Kind::$kind;
            const OPTIONAL: bool = false;
            const CODING: Coding = Coding::$coding;
            type Builder = $builder;
            fn append(self, builder: &mut Self::Builder) {
                builder.append_value(<$stored>::from(self));
            }
            fn take(builder: &mut Self::Builder) -> ArrayRef {
                Arc::new(builder.finish())
            }
            fn text(self, out: &mut String) {
                // Writing to a String cannot fail.
                let _ = write!(out, $format, self);
            }
        }

        impl Cell for Option<$ty> {
            const KIND: Kind = Kind::$kind;
            const OPTIONAL: bool = true;
            const CODING: Coding = Coding::$coding;
            type Builder = $builder;
            fn append(self, builder: &mut Self::Builder) {
                match self {
                    Some(value) => value.append(builder),
                    None => builder.append_null(),
                }
            }
            fn take(builder: &mut Self::Builder) -> ArrayRef {
                Arc::new(builder.finish())
            }
            fn text(self, out: &mut String) {
                if let Some(value) = self {
                    value.text(out);
                }
            }
        }
    };
}

cell!(u8 as i32, I32, Dictionary, PrimitiveBuilder<Int32Type>, "{}");
cell!(u16 as i32, I32, Dictionary, PrimitiveBuilder<Int32Type>, "{}");
cell!(i16 as i32, I32, Dictionary, PrimitiveBuilder<Int32Type>, "{}");
cell!(i32 as i32, I32, Delta, PrimitiveBuilder<Int32Type>, "{}");
cell!(u32 as i64, I64, Delta, PrimitiveBuilder<Int64Type>, "{}");
cell!(i64 as i64, I64, Delta, PrimitiveBuilder<Int64Type>, "{}");
cell!(f32 as f32, F32, Split, PrimitiveBuilder<Float32Type>, "{:?}");
cell!(f64 as f64, F64, Split, PrimitiveBuilder<Float64Type>, "{:?}");
cell!(bool as bool, Bool, Plain, BooleanBuilder, "{}");
cell!(&'static str as &'static str, Text, Dictionary, LabelBuilder, "{}");

/// Collects labels as keys into a dictionary that grows with the file.
#[derive(Default)]
pub struct LabelBuilder {
    keys: PrimitiveBuilder<Int32Type>,
    known: BTreeMap<&'static str, i32>,
    labels: Vec<&'static str>,
    /// Where a label was last found, by its address: saves comparing texts in columns of millions of rows.
    recent: Vec<Option<(&'static str, i32)>>,
}

impl LabelBuilder {
    const RECENT: usize = 256;

    fn append_value(&mut self, label: &'static str) {
        self.recent.resize(Self::RECENT, None);
        let slot = (label.as_ptr().addr() / 4 + label.len()) % Self::RECENT;
        let key = match self.recent[slot] {
            Some((known, key)) if std::ptr::eq(known, label) => key,
            _ => {
                let key = self.key(label);
                self.recent[slot] = Some((label, key));
                key
            }
        };
        self.keys.append_value(key);
    }

    fn append_null(&mut self) {
        self.keys.append_null();
    }

    fn key(&mut self, label: &'static str) -> i32 {
        *self.known.entry(label).or_insert_with(|| {
            self.labels.push(label);
            i32::try_from(self.labels.len() - 1).expect("labels are few")
        })
    }

    fn finish(&mut self) -> DictionaryArray<Int32Type> {
        DictionaryArray::new(self.keys.finish(), Arc::new(StringArray::from(self.labels.clone())))
    }
}

/// A text for use in tables that lives as long as the program; equal texts are kept once.
pub fn label(text: &str) -> &'static str {
    static LABELS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut labels = LABELS.lock().unwrap_or_else(PoisonError::into_inner);
    match labels.get(text) {
        Some(known) => known,
        None => {
            let kept: &'static str = Box::leak(text.into());
            labels.insert(kept);
            kept
        }
    }
}

/// A file of a finished table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub path: PathBuf,
    /// What a row is.
    pub meaning: String,
    pub rows: u64,
    pub bytes: u64,
    /// BLAKE3 hash of the content in hexadecimal.
    pub blake3: String,
}

enum Message<R> {
    Rows(Vec<R>),
    /// Without it the rows are incomplete and the file is thrown away.
    End,
}

/// A table being written. Dropped before [`Table::finish`] it leaves nothing behind.
pub struct Table<R: Row> {
    rows: Vec<R>,
    channel: Option<SyncSender<Message<R>>>,
    thread: Option<JoinHandle<Result<Vec<Written>, Error>>>,
}

impl<R: Row> Table<R> {
    /// Begins a Parquet file at `path` and, if asked, a CSV file of the same stem beside it.
    ///
    /// `metadata` goes into the footer (version, scenario, seed, replicate); it must be the same in equal runs.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn create(path: impl AsRef<Path>, metadata: &[(String, String)], csv: bool) -> Result<Self, Error> {
        let path = path.as_ref();
        let parquet = Draft::create(path)?;
        let csv = if csv { Some(Draft::create(&path.with_extension("csv"))?) } else { None };
        let encoder = Encoder::new(parquet, csv, metadata)?;
        let (channel, waiting) = sync_channel(WAITING);
        let thread = std::thread::Builder::new()
            .name(R::NAME.into())
            .spawn(move || encode(encoder, &waiting))
            .map_err(|error| Error::io("start a thread to write", path, error))?;
        Ok(Self { rows: Vec::with_capacity(BATCH), channel: Some(channel), thread: Some(thread) })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// An earlier row could not be written, for instance because the disk is full. The file is then gone.
    #[inline]
    pub fn push(&mut self, row: R) -> Result<(), Error> {
        self.rows.push(row);
        if self.rows.len() == BATCH { self.send() } else { Ok(()) }
    }

    /// Adds rows in order.
    ///
    /// # Errors
    /// As [`Table::push`].
    pub fn extend(&mut self, rows: impl IntoIterator<Item = R>) -> Result<(), Error> {
        rows.into_iter().try_for_each(|row| self.push(row))
    }

    /// Completes the files: the Parquet file first, then the CSV file if there is one.
    ///
    /// # Errors
    /// Rows could not be written; nothing is left of the files then.
    pub fn finish(mut self) -> Result<Vec<Written>, Error> {
        if !self.rows.is_empty() {
            self.send()?;
        }
        // Should the thread have given up, the message finds no receiver and the thread says why.
        let _ = self.channel.take().map(|channel| channel.send(Message::End));
        self.join()
    }

    fn send(&mut self) -> Result<(), Error> {
        let rows = std::mem::replace(&mut self.rows, Vec::with_capacity(BATCH));
        let taken = self.channel.as_ref().is_some_and(|channel| channel.send(Message::Rows(rows)).is_ok());
        if taken { Ok(()) } else { self.join().map(drop) }
    }

    fn join(&mut self) -> Result<Vec<Written>, Error> {
        self.channel = None;
        let given_up = || Error::Failed(format!("the table {} was given up after an earlier error", R::NAME));
        let thread = self.thread.take().ok_or_else(given_up)?;
        thread.join().unwrap_or_else(|_| Err(Error::Failed(format!("the thread writing {} broke down", R::NAME))))
    }
}

impl<R: Row> Drop for Table<R> {
    fn drop(&mut self) {
        // The unfinished files are gone when the table is.
        let _ = self.join();
    }
}

/// Declares a table: a struct for its rows, with the unit and the meaning of every column.
///
/// ```
/// fondaco::table! {
///     /// One row per firm.
///     pub struct Firm in "firms" {
///         /// Number of the firm.
///         firm: i64, "";
///         /// Home country, ISO 3166-1 alpha-3.
///         home: &'static str, "";
///         /// Foreign over total sales; missing for a firm without sales.
///         fsts: Option<f32>, "1";
///     }
/// }
/// use fondaco::report::table::{Table, declared};
/// let folder = tempfile::tempdir().unwrap();
/// let mut table = Table::create(folder.path().join("firms.parquet"), &[], true).unwrap();
/// table.push(Firm { firm: 7, home: "BEL", fsts: Some(0.25) }).unwrap();
/// let files = table.finish().unwrap();
/// assert_eq!((files.len(), files[0].rows), (2, 1));
/// assert_eq!(declared::<Firm>().columns[2].unit, "1");
/// ```
#[macro_export]
macro_rules! table {
    ($(#[doc = $about:literal])+ pub struct $name:ident in $table:literal {
        $( $(#[doc = $doc:literal])+ $field:ident : $ty:ty, $unit:literal; )+
    }) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name { $( $(#[doc = $doc])+ pub $field: $ty, )+ }

        const _: () = {
            use $crate::report::table::{ArrayRef, Cell, Column, Row};

            #[derive(Default)]
            pub struct Columns { $( $field: <$ty as Cell>::Builder, )+ }

            impl Row for $name {
                const NAME: &'static str = $table;
                type Columns = Columns;
                fn about() -> String { [$($about),+].map(str::trim).join(" ") }
                fn columns() -> Vec<Column> {
                    vec![ $( Column::of::<$ty>(
                        stringify!($field), $unit, [$($doc),+].map(str::trim).join(" "),
                    ) ),+ ]
                }
                fn append(self, columns: &mut Columns) {
                    $( Cell::append(self.$field, &mut columns.$field); )+
                }
                fn take(columns: &mut Columns) -> Vec<ArrayRef> {
                    vec![ $( <$ty as Cell>::take(&mut columns.$field) ),+ ]
                }
                fn write_csv<W: std::io::Write>(
                    self, csv: &mut $crate::report::table::CsvWriter<W>, scratch: &mut String,
                ) -> $crate::report::table::CsvResult {
                    $(
                        scratch.clear();
                        Cell::text(self.$field, scratch);
                        csv.write_field($crate::statistics::words::cell(scratch).as_bytes())?;
                    )+
                    csv.write_record(None::<&[u8]>)
                }
            }
        };
    };
}

/// The CSV writer under a name that users of [`table!`](crate::table) can reach without the crate.
#[doc(hidden)]
pub type CsvWriter<W> = csv::Writer<W>;
#[doc(hidden)]
pub type CsvResult = csv::Result<()>;

#[cfg(test)]
mod tests {
    use super::encode::{CREATED_BY, ROW_GROUP};
    use super::*;
    use arrow_array::cast::AsArray;
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use std::fs::File;

    table! {
        /// One row per
        /// example.
        pub struct Example in "example" {
            /// Number.
            firm: i64, "";
            /// Country.
            home: &'static str, "";
            /// Platform, if any.
            platform: Option<&'static str>, "";
            /// Small.
            stage: u8, "1";
            /// Year.
            year: u16, "year";
            /// Below zero.
            founded: i16, "year";
            /// Count.
            ties: u32, "ties";
            /// Difference.
            change: i32, "US$";
            /// Big difference.
            total: Option<i64>, "US$";
            /// Share.
            fsts: Option<f32>, "1";
            /// Sales.
            sales: f64, "US$";
            /// Died.
            died: bool, "";
            /// Perhaps.
            perhaps: Option<bool>, "";
        }
    }

    fn example(i: u32) -> Example {
        let odd = i % 2 == 1;
        Example {
            firm: (i64::from(i) << 16) | 3,
            home: ["BEL", "TZA", "HND"][i as usize % 3],
            platform: odd.then(|| label("a, \"b\"")),
            stage: (i % 4) as u8,
            year: 2000 + (i % 30) as u16,
            founded: -(i as i16 % 40),
            ties: i,
            change: 5 - i as i32,
            total: odd.then_some(i64::MIN + i64::from(i)),
            fsts: odd.then_some(i as f32 / 7.0),
            sales: f64::from(i) * 0.1,
            died: odd,
            perhaps: (!i.is_multiple_of(3)).then_some(odd),
        }
    }

    fn metadata() -> Vec<(String, String)> {
        vec![("scenario".into(), "trial".into()), ("seed".into(), "1".into())]
    }

    fn store(folder: &Path, rows: u32) -> Vec<Written> {
        let mut table = Table::create(folder.join("example.parquet"), &metadata(), true).unwrap();
        table.extend((0..rows).map(example)).unwrap();
        table.finish().unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_goes_in_comes_out() {
        let folder = tempfile::tempdir().unwrap();
        let rows = ROW_GROUP as u32 + 20_000;
        let files = store(folder.path(), rows);
        assert_eq!(names(folder.path()), ["example.csv", "example.parquet"]);
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&files[0].path).unwrap()).unwrap();
        assert_eq!(reader.metadata().num_row_groups(), 2);
        let mut i = 0;
        for batch in reader.build().unwrap() {
            let batch = batch.unwrap();
            let column = |name| batch.column_by_name(name).unwrap();
            for row in 0..batch.num_rows() {
                let want = example(i);
                let home = column("home").as_dictionary::<Int32Type>();
                let home = home.values().as_string::<i32>().value(home.key(row).unwrap());
                let platform = column("platform").as_dictionary::<Int32Type>();
                let platform = platform.key(row).map(|key| platform.values().as_string::<i32>().value(key));
                let fsts = column("fsts").as_primitive::<Float32Type>();
                assert_eq!((home, platform), (want.home, want.platform));
                assert_eq!(column("firm").as_primitive::<Int64Type>().value(row), want.firm);
                let whole = |name| column(name).as_primitive::<Int32Type>().value(row);
                assert_eq!((whole("founded"), whole("year")), (i32::from(want.founded), i32::from(want.year)));
                assert_eq!(column("ties").as_primitive::<Int64Type>().value(row), i64::from(want.ties));
                assert_eq!(column("change").as_primitive::<Int32Type>().value(row), want.change);
                assert_eq!(fsts.iter().nth(row).unwrap(), want.fsts);
                assert_eq!(column("sales").as_primitive::<Float64Type>().value(row), want.sales);
                assert_eq!(column("perhaps").as_boolean().iter().nth(row).unwrap(), want.perhaps);
                i += 1;
            }
        }
        assert_eq!((i, files[0].rows), (rows, u64::from(rows)));
    }

    #[test]
    fn csv_mirrors_the_columns() {
        let folder = tempfile::tempdir().unwrap();
        let files = store(folder.path(), 2);
        let text = std::fs::read_to_string(&files[1].path).unwrap();
        let lines: Vec<_> = text.lines().collect();
        let header: Vec<_> = Example::columns().iter().map(|column| column.name).collect();
        assert_eq!(lines[0], header.join(","));
        assert_eq!(lines[1], "3,BEL,,0,2000,0,0,5,,,0.0,false,");
        assert_eq!(lines[2], "65539,TZA,\"a, \"\"b\"\"\",1,2001,-1,1,4,-9223372036854775807,0.14285715,0.1,true,true");
        assert_eq!(files[1].bytes, text.len() as u64);
        assert_eq!(files[1].blake3, blake3::hash(text.as_bytes()).to_hex().to_string());
    }

    #[test]
    fn floats_in_csv_read_back_equal() {
        let mut out = String::new();
        for bits in (0..u32::MAX).step_by(9_999_991) {
            let x = f32::from_bits(bits);
            out.clear();
            x.text(&mut out);
            let back: f32 = out.parse().unwrap();
            assert!(back.to_bits() == bits || (x.is_nan() && back.is_nan()), "{out}");
        }
    }

    #[test]
    fn the_same_rows_give_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let first = store(folder.path(), 40_000);
        for _ in 0..8 {
            assert_eq!(store(folder.path(), 40_000), first);
        }
        let bytes = std::fs::read(&first[0].path).unwrap();
        assert_eq!(first[0].blake3, blake3::hash(&bytes).to_hex().to_string());
    }

    #[test]
    fn units_and_provenance_travel_with_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let files = store(folder.path(), 1);
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&files[0].path).unwrap()).unwrap();
        let file = reader.metadata().file_metadata();
        assert_eq!(file.created_by(), Some(CREATED_BY));
        let footer = file.key_value_metadata().unwrap();
        let value = |key: &str| footer.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone());
        assert_eq!(value("seed").as_deref(), Some("1"));
        assert_eq!(value("meaning").as_deref(), Some("One row per example."));
        let field = reader.schema().field_with_name("sales").unwrap();
        assert_eq!(field.metadata().get("unit").map(String::as_str), Some("US$"));
    }

    #[test]
    fn an_empty_table_still_has_its_columns() {
        let folder = tempfile::tempdir().unwrap();
        let files = store(folder.path(), 0);
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&files[0].path).unwrap()).unwrap();
        assert_eq!(reader.schema().fields().len(), 13);
        assert_eq!((files[0].rows, std::fs::read_to_string(&files[1].path).unwrap().lines().count()), (0, 1));
    }

    #[test]
    fn an_abandoned_table_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut table = Table::create(folder.path().join("example.parquet"), &metadata(), true).unwrap();
        table.extend((0..50_000).map(example)).unwrap();
        assert_eq!(names(folder.path()), ["example.csv.partial", "example.parquet.partial"]);
        drop(table);
        assert!(names(folder.path()).is_empty());
        assert!(Table::<Example>::create(folder.path().join("none/example.parquet"), &[], false).is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_comes_back_as_an_error() {
        for (name, rows) in [("example.parquet", 9_000_000), ("example.csv", 9_000_000), ("example.parquet", 1)] {
            let folder = tempfile::tempdir().unwrap();
            let unfinished = folder.path().join(name.to_owned() + ".partial");
            std::os::unix::fs::symlink("/dev/full", unfinished).unwrap();
            let mut table = Table::create(folder.path().join("example.parquet"), &metadata(), true).unwrap();
            let pushed = table.extend((0..rows).map(example));
            assert_eq!(pushed.is_err(), rows > 1, "{name}: a long table fails while rows come in");
            let error = pushed.and_then(|()| table.finish().map(drop)).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("No space left"), "{error}");
            assert!(names(folder.path()).is_empty());
        }
    }

    #[test]
    fn equal_labels_share_a_key_wherever_they_live() {
        let mut labels = LabelBuilder::default();
        let twin: &'static str = String::from("BEL").leak();
        for text in ["BEL", "TZA", twin, "TZA", label("BEL"), label("BEL")] {
            labels.append_value(text);
        }
        let array = labels.finish();
        assert_eq!(array.keys().values().to_vec(), [0, 1, 0, 1, 0, 0]);
        assert!(std::ptr::eq(label("platform x"), label(&String::from("platform x"))));
    }
}
