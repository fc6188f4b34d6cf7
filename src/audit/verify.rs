//! Walks the chain from its first line and names the first that was changed, removed, inserted or
//! reordered.

use std::fmt;

use super::store::{head, rows_after};
use crate::ctx::Ctx;
use crate::failure::Failure;

use super::Seal;

/// What the walk found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Whole {
        lines: i64,
    },
    Changed {
        seq: i64,
    },
    Removed {
        seq: i64,
    },
    OutOfOrder {
        seq: i64,
    },
    CutOff {
        last: i64,
        expected: i64,
    },
    HeadChanged,
    /// A checkpoint kept outside the database says otherwise.
    NotAsCheckpoint {
        seq: i64,
    },
}

impl Verdict {
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Whole { .. })
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole { lines } => write!(f, "The access record is whole: {lines} lines."),
            Self::Changed { seq } => write!(f, "Line {seq} of the access record was changed."),
            Self::Removed { seq } => write!(f, "Line {seq} of the access record was removed."),
            Self::OutOfOrder { seq } => write!(
                f,
                "Line {seq} of the access record was inserted or put out of order."
            ),
            Self::CutOff { last, expected } => write!(
                f,
                "The access record ends at line {last}, but {expected} lines were written: \
                 line {} was removed.",
                last + 1
            ),
            Self::HeadChanged => f.write_str("The seal of the last line was changed."),
            Self::NotAsCheckpoint { seq } => write!(
                f,
                "Line {seq} of the access record is not the one noted in the checkpoints file: \
                 the record was rewritten or cut."
            ),
        }
    }
}

/// Checks every line, and those noted outside the database as (line, hash).
pub fn verify(
    ctx: &mut Ctx<'_>,
    seal: &Seal,
    checkpoints: &[(i64, String)],
) -> Result<Verdict, Failure> {
    let mut last_seq = 0;
    let mut last_hash = String::new();
    let mut noted = checkpoints.iter().peekable();
    loop {
        let rows = rows_after(ctx.conn, last_seq, 2_000)?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.previous_hash != last_hash {
                // A line whose own seal still fits was moved, or its neighbour has gone.
                let genuine = row.hash == row.hash_by(seal);
                return Ok(match (genuine, row.seq == last_seq + 1) {
                    (true, false) => Verdict::Removed { seq: last_seq + 1 },
                    (true, true) => Verdict::OutOfOrder { seq: row.seq },
                    (false, _) => Verdict::OutOfOrder { seq: row.seq },
                });
            }
            if row.seq != last_seq + 1 {
                return Ok(Verdict::Removed { seq: last_seq + 1 });
            }
            if row.hash != row.hash_by(seal) {
                return Ok(Verdict::Changed { seq: row.seq });
            }
            while let Some((seq, hash)) = noted.next_if(|(seq, _)| *seq <= row.seq) {
                if *seq == row.seq && *hash != row.hash {
                    return Ok(Verdict::NotAsCheckpoint { seq: row.seq });
                }
            }
            last_seq = row.seq;
            last_hash = row.hash;
        }
    }
    let head = head(ctx.conn)?;
    if head.seq > last_seq {
        return Ok(Verdict::CutOff {
            last: last_seq,
            expected: head.seq,
        });
    }
    let sealed = if head.seq == 0 {
        String::new()
    } else {
        seal.head(head.seq, &head.hash)
    };
    if head.seq != last_seq || head.hash != last_hash || head.seal != sealed {
        return Ok(Verdict::HeadChanged);
    }
    if let Some((seq, _)) = noted.next() {
        return Ok(Verdict::NotAsCheckpoint { seq: *seq });
    }
    Ok(Verdict::Whole { lines: last_seq })
}
