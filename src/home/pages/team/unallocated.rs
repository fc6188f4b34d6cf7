//! Referrals that nobody has taken, to be given from the list: one, or many at once.

use serde::Serialize;

use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::ids::ReferralId;
use crate::referrals::line::LineView;
use crate::referrals::store::{self, Filter, Line, State};
use crate::team::{actions, panel};
use crate::web::{Form, view};

#[derive(Serialize)]
pub(super) struct Block {
    rows: Vec<Row>,
    total_words: String,
    /// There are more than the rows show.
    more: bool,
}

#[derive(Serialize)]
struct Row {
    line: LineView,
    value: ReferralId,
    box_id: String,
    ticked: bool,
}

/// How many are shown, the soonest conference first.
const SHOWN: i64 = 25;

fn lines(ctx: &mut Ctx<'_>) -> Result<(Vec<Line>, i64), Failure> {
    let filter = Filter {
        limit: SHOWN,
        ..Filter::of(State::Untaken)
    };
    store::list(ctx, &filter)
}

fn form_of(ctx: &mut Ctx<'_>, lines: &[Line], usual: i64) -> Result<Form, Failure> {
    let referrals = lines.iter().map(|line| {
        let name = format!("{} {}", line.first_name, line.last_name);
        (line.id.to_string(), name)
    });
    let officers = actions::officer_options(ctx, usual)?;
    let form = Form::new()
        .choice("referral", referrals)
        .choice("officer", officers);
    Ok(panel::ask(form))
}

/// What the form of the list offers.
pub(super) fn form(ctx: &mut Ctx<'_>, usual: i64) -> Result<Form, Failure> {
    actions::may_allocate(ctx)?;
    let (lines, _) = lines(ctx)?;
    form_of(ctx, &lines, usual)
}

pub(super) fn block(
    ctx: &mut Ctx<'_>,
    near: i64,
    usual: i64,
    sent: Option<Form>,
) -> Result<(Block, Form), Failure> {
    let (lines, total) = lines(ctx)?;
    let mut form = match sent {
        Some(form) => form,
        None => form_of(ctx, &lines, usual)?,
    };
    let ticked = form.chosen_all("referral", ReferralId::parse);
    let ids: Vec<ReferralId> = lines.iter().map(|line| line.id.clone()).collect();
    let rows = LineView::lines(ctx, lines, near)?
        .into_iter()
        .zip(ids)
        .enumerate()
        .map(|(place, (line, value))| Row {
            line,
            box_id: match place {
                0 => "referral".to_owned(),
                place => format!("referral-{}", place + 1),
            },
            ticked: ticked.contains(&value),
            value,
        })
        .collect();
    let block = Block {
        rows,
        total_words: view::count(total, "referral", "referrals"),
        more: total > SHOWN,
    };
    Ok((block, form))
}
