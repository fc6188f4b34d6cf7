//! Days as the law counts them: civil dates in England, ages, and the clock that says which day
//! it is. Nothing here reads or writes anything.

mod age;
mod clock;
pub mod dates;
mod period;
mod working_days;

pub use age::{age_on, weeks_between};
pub use clock::{Clock, day_in_england, from_england, in_england, to_the_microsecond};
pub use dates::show;
pub use period::Period;
pub use working_days::{
    BeyondTheCalendar, Holiday, Holidays, Reached, add_months, end_of_week, read_bank_holidays,
};
