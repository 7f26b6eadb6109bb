//! Arrays of any length for serde, which by itself knows those of up to 32.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Writes an array as a sequence.
pub fn serialize<S: Serializer, T: Serialize, const N: usize>(array: &[T; N], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(array)
}

/// Reads an array back.
pub fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>, const N: usize>(
    from: D,
) -> Result<[T; N], D::Error> {
    whole(Vec::deserialize(from)?)
}

fn whole<T, E: Error, const N: usize>(read: Vec<T>) -> Result<[T; N], E> {
    let n = read.len();
    read.try_into().map_err(|_| E::custom(format!("{n} values stand where {N} belong")))
}

/// The same for arrays of arrays.
pub mod rows {
    use super::{Deserialize, Deserializer, Serialize, Serializer, whole};

    /// Writes a sequence of sequences.
    pub fn serialize<S: Serializer, T: Serialize, const N: usize, const M: usize>(
        rows: &[[T; N]; M],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(rows.iter().map(|row| &row[..]))
    }

    /// Reads them back.
    pub fn deserialize<'de, D: Deserializer<'de>, T: Deserialize<'de>, const N: usize, const M: usize>(
        from: D,
    ) -> Result<[[T; N]; M], D::Error> {
        let rows = Vec::<Vec<T>>::deserialize(from)?;
        whole(rows.into_iter().map(whole).collect::<Result<Vec<[T; N]>, D::Error>>()?)
    }
}
