//! Rows become Parquet and CSV on a thread of their own.

use super::{Coding, Column, Message, Row, Written};
use crate::error::Error;
use crate::report::file::Draft;
use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

/// Turns rows into the bytes of both formats.
pub(super) struct Encoder<R: Row, W: Write + Send> {
    pub(super) schema: SchemaRef,
    pub(super) columns: R::Columns,
    pub(super) parquet: ArrowWriter<W>,
    pub(super) csv: Option<csv::Writer<W>>,
    pub(super) scratch: String,
    pub(super) rows: u64,
}

impl<R: Row, W: Write + Send> Encoder<R, W> {
    pub(super) fn new(parquet: W, csv: Option<W>, metadata: &[(String, String)]) -> Result<Self, Error> {
        let columns = R::columns();
        let schema = Arc::new(Schema::new(columns.iter().map(Column::field).collect::<Vec<_>>()));
        let parquet = ArrowWriter::try_new(parquet, schema.clone(), Some(properties::<R>(&columns, metadata)))
            .map_err(in_words)?;
        let mut csv = csv.map(csv::Writer::from_writer);
        if let Some(csv) = &mut csv {
            csv.write_record(columns.iter().map(|column| column.name)).map_err(csv_in_words)?;
        }
        Ok(Self { schema, columns: R::Columns::default(), parquet, csv, scratch: String::new(), rows: 0 })
    }

    pub(super) fn write(&mut self, rows: &[R]) -> Result<(), Error> {
        rows.iter().for_each(|row| row.append(&mut self.columns));
        let arrays = R::take(&mut self.columns);
        let batch = RecordBatch::try_new(self.schema.clone(), arrays)
            .map_err(|error| Error::Failed(format!("could not build the table {}: {error}", R::NAME)))?;
        self.parquet.write(&batch).map_err(in_words)?;
        if let Some(csv) = &mut self.csv {
            rows.iter().try_for_each(|row| row.write_csv(csv, &mut self.scratch)).map_err(csv_in_words)?;
        }
        self.rows += rows.len() as u64;
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(u64, Vec<W>), Error> {
        let mut files = vec![self.parquet.into_inner().map_err(in_words)?];
        if let Some(csv) = self.csv {
            files.push(csv.into_inner().map_err(|error| Error::Failed(error.error().to_string()))?);
        }
        Ok((self.rows, files))
    }
}

pub(super) fn properties<R: Row>(columns: &[Column], metadata: &[(String, String)]) -> WriterProperties {
    let fixed = [("table".to_owned(), R::NAME.to_owned()), ("meaning".to_owned(), R::about())];
    let footer = fixed.iter().chain(metadata).map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
    let builder = WriterProperties::builder()
        .set_created_by(CREATED_BY.into())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).expect("zstd has a level 1")))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_key_value_metadata(Some(footer.collect()));
    let coded = columns.iter().fold(builder, |builder, column| {
        let path = ColumnPath::from(column.name);
        let encoding = match column.coding {
            Coding::Dictionary => return builder.set_column_dictionary_enabled(path, true),
            Coding::Delta => Encoding::DELTA_BINARY_PACKED,
            Coding::Split => Encoding::BYTE_STREAM_SPLIT,
            Coding::Plain => Encoding::PLAIN,
        };
        builder.set_column_dictionary_enabled(path.clone(), false).set_column_encoding(path, encoding)
    });
    coded.build()
}

/// Errors of the disk already say where and what; the rest name the writer.
pub(super) fn in_words(error: ParquetError) -> Error {
    match error {
        ParquetError::External(error) => Error::Failed(error.to_string()),
        error => Error::Failed(format!("could not write Parquet: {error}")),
    }
}

pub(super) fn csv_in_words(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Error::Failed(error.to_string()),
        kind => Error::Failed(format!("could not write CSV: {kind:?}")),
    }
}

/// The work of the writing thread.
pub(super) fn encode<R: Row>(
    mut encoder: Encoder<R, Draft>,
    waiting: &Receiver<Message<R>>,
) -> Result<Vec<Written>, Error> {
    loop {
        match waiting.recv() {
            Ok(Message::Rows(rows)) => encoder.write(&rows)?,
            Ok(Message::End) => break,
            Err(_) => return Err(Error::Failed(format!("the table {} was not finished", R::NAME))),
        }
    }
    let (rows, drafts) = encoder.finish()?;
    let stored: Result<Vec<_>, Error> = drafts.into_iter().map(Draft::finish).collect();
    let written = |stored: crate::report::file::Stored| Written {
        path: stored.path,
        meaning: R::about(),
        rows,
        bytes: stored.bytes,
        blake3: stored.blake3,
    };
    Ok(stored?.into_iter().map(written).collect())
}

/// Stated as the writer of every Parquet file; the version of the program is among the metadata.
pub(super) const CREATED_BY: &str = "fondaco";

/// Rows of a row group: large enough to compress well, small enough to be skipped.
pub(super) const ROW_GROUP: usize = 1 << 17;
