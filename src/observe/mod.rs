//! What a simulated history shows: the measures of a firm's year, the label of its trajectory, statistics of a panel.

pub mod depletion;
pub mod estimate;
pub mod measure;
pub mod panel;
pub mod shipment;
pub mod statistic;
pub mod trajectory;
pub mod venture;
pub mod year;
