//! Which forms were sent already, so that pressing the button twice does the work once.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::ctx::Ctx;
use crate::db::Link;
use crate::db::schema::form_submissions;
use crate::failure::Failure;

/// Lets nobody else work on the same thing until the transaction ends. SQLite has one writer.
pub(crate) fn hold(ctx: &mut Ctx<'_>, what: &str) -> Result<(), Failure> {
    if let Link::Postgres(conn) = ctx.conn {
        diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
            .bind::<Text, _>(what)
            .execute(conn)?;
    }
    Ok(())
}

/// Forgets forms that were sent before an instant: nobody presses their button again.
pub(super) fn sweep(ctx: &mut Ctx<'_>, before: NaiveDateTime) -> Result<usize, Failure> {
    let old = form_submissions::table.filter(form_submissions::sent_at.lt(before));
    Ok(diesel::delete(old).execute(ctx.conn)?)
}

/// Where the work of this form ended, if it was done already. Until the transaction ends nobody
/// else gets an answer for the same form.
pub(super) fn sent(ctx: &mut Ctx<'_>, token: &str) -> Result<Option<String>, Failure> {
    hold(ctx, token)?;
    let found: Option<(String, String)> = form_submissions::table
        .filter(form_submissions::token.eq(token))
        .select((form_submissions::user_id, form_submissions::location))
        .first(ctx.conn)
        .optional()?;
    match (found, ctx.actor.user_id()) {
        (None, _) => Ok(None),
        (Some((by, location)), Some(user)) if by == user.as_str() => Ok(Some(location)),
        (Some(_), _) => Err(Failure::NotFound),
    }
}

pub(super) fn keep(ctx: &mut Ctx<'_>, token: &str, location: &str) -> Result<(), Failure> {
    let Some(user) = ctx.actor.user_id() else {
        return Ok(());
    };
    diesel::insert_into(form_submissions::table)
        .values((
            form_submissions::token.eq(token),
            form_submissions::user_id.eq(user.as_str()),
            form_submissions::location.eq(location),
            form_submissions::sent_at.eq(ctx.now),
        ))
        .execute(ctx.conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Actor, Role};
    use crate::audit::Seal;
    use crate::calendar::Clock;
    use crate::db::{Address, Db, migrations};
    use crate::ids::SessionId;
    use crate::staff::actions::{NewUser, add};
    use crate::text::Name;

    fn somebody(db: &Db, name: &str) -> Actor {
        let name = Name::parse(name).unwrap();
        let new = NewUser {
            name: &name,
            email: None,
            role: Role::Officer,
            password_hash: None,
            change_password: false,
        };
        let id = db
            .write(&Actor::System("test"), |ctx| add(ctx, &new))
            .unwrap();
        Actor::User {
            id,
            name: name.to_string(),
            role: Role::Officer,
            session: SessionId::random(),
        }
    }

    #[test]
    fn a_form_sent_twice_is_known_and_nobody_elses() {
        let folder = tempfile::tempdir().unwrap();
        let address = Address::Sqlite(folder.path().join("heard.db"));
        migrations::run(&address).unwrap();
        let clock = Clock::Fixed("2022-01-03T09:00:00Z".parse().unwrap());
        let db = Db::open(&address, Seal::new(b"audit"), clock, 1).unwrap();
        let (priya, sam) = (somebody(&db, "Priya"), somebody(&db, "Sam"));

        let found = db
            .write(&priya, |ctx| {
                let found = sent(ctx, "token")?;
                keep(ctx, "token", "/referrals/1")?;
                Ok(found)
            })
            .unwrap();
        assert_eq!(found, None);
        let again = db.write(&priya, |ctx| sent(ctx, "token")).unwrap();
        assert_eq!(again.as_deref(), Some("/referrals/1"));
        let other = db.write(&sam, |ctx| sent(ctx, "token"));
        assert!(matches!(other, Err(Failure::NotFound)));

        // Work that failed leaves the form as if it had never been sent.
        let failed: Result<(), Failure> = db.write(&priya, |ctx| {
            keep(ctx, "second", "/referrals/2")?;
            Err(Failure::refused("No."))
        });
        assert!(failed.is_err());
        assert_eq!(db.write(&priya, |ctx| sent(ctx, "second")).unwrap(), None);
    }
}
