//! What a simulated history shows: the measures of a firm's year and the label of its trajectory.

pub mod measure;
pub mod trajectory;
pub mod year;
