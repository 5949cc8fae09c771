//! Timestamps: naive UTC in every column.
//!
//! SQLite keeps text that SQLAlchemy must be able to read back, `YYYY-MM-DD HH:MM:SS.ffffff` with
//! all six digits; PostgreSQL keeps microseconds, MariaDB whole seconds.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::mysql::{Mysql, MysqlValue};
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Timestamp;
use diesel::sqlite::{Sqlite, SqliteValue};

use crate::connection::{MultiBackend, MultiRawValue};

/// A moment in naive UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = Timestamp)]
pub(crate) struct Moment(pub(crate) NaiveDateTime);

impl Moment {
    /// Wraps an optional timestamp of the domain.
    pub(crate) fn from_domain(moment: Option<NaiveDateTime>) -> Option<Self> {
        moment.map(Moment)
    }

    /// What SQLAlchemy writes into SQLite.
    fn to_text(self) -> String {
        let (date, time) = (self.0.date(), self.0.time());
        format!(
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02}.{:06}",
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute(),
            time.second(),
            time.nanosecond() / 1_000
        )
    }

    /// Reads what SQLAlchemy (or a `CURRENT_TIMESTAMP` default) has written into SQLite.
    fn from_text(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let number = |from: usize, to: usize| -> Option<u32> {
            bytes.get(from..to)?.iter().try_fold(0, |sum, digit| {
                digit
                    .is_ascii_digit()
                    .then(|| sum * 10 + u32::from(digit - b'0'))
            })
        };
        let date = NaiveDate::from_ymd_opt(
            i32::try_from(number(0, 4)?).ok()?,
            number(5, 7)?,
            number(8, 10)?,
        )?;
        let micros = match bytes.get(19) {
            None => 0,
            Some(b'.') if bytes.len() <= 26 => {
                let digits = u32::try_from(bytes.len() - 20).ok()?;
                number(20, bytes.len())? * 10_u32.pow(6 - digits)
            }
            Some(_) => return None,
        };
        let time =
            date.and_hms_micro_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?, micros)?;
        Some(Moment(time))
    }
}

impl ToSql<Timestamp, Sqlite> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.to_text());
        Ok(IsNull::No)
    }
}

impl ToSql<Timestamp, Pg> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        <NaiveDateTime as ToSql<Timestamp, Pg>>::to_sql(&self.0, out)
    }
}

impl ToSql<Timestamp, Mysql> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Mysql>) -> serialize::Result {
        <NaiveDateTime as ToSql<Timestamp, Mysql>>::to_sql(&self.0, out)
    }
}

impl ToSql<Timestamp, MultiBackend> for Moment {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Timestamp, self));
        Ok(IsNull::No)
    }
}

impl FromSql<Timestamp, Sqlite> for Moment {
    fn from_sql(mut value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        let text = value.read_text();
        Moment::from_text(text).ok_or_else(|| format!("'{text}' is not a timestamp").into())
    }
}

impl FromSql<Timestamp, Pg> for Moment {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        <NaiveDateTime as FromSql<Timestamp, Pg>>::from_sql(value).map(Moment)
    }
}

impl FromSql<Timestamp, Mysql> for Moment {
    fn from_sql(value: MysqlValue<'_>) -> deserialize::Result<Self> {
        <NaiveDateTime as FromSql<Timestamp, Mysql>>::from_sql(value).map(Moment)
    }
}

impl FromSql<Timestamp, MultiBackend> for Moment {
    fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Timestamp>()
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn text_is_that_of_sqlalchemy() {
        let text = "2026-03-01 09:08:07.000450";
        assert_eq!(Moment::from_text(text).unwrap().to_text(), text);
        let whole = Moment::from_text("2026-03-01 09:08:07").unwrap();
        assert_eq!(whole.to_text(), "2026-03-01 09:08:07.000000");
    }

    #[test]
    fn other_text_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-13-01 00:00:00",
            "2026-01-01 00:00:00.1234567",
        ] {
            assert_eq!(Moment::from_text(text), None, "{text}");
        }
    }
}
