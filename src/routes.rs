//! Every page there is: its address, what it needs, and the function that makes it. A page that is
//! not in this table does not exist.

use actix_web::middleware::{Next, from_fn};
use actix_web::web::{resource, to};
use actix_web::{Resource, guard as when};

use crate::access::Permission;
use crate::web::{Answer, Failed, assets, drafts, guard};
use crate::{
    cases, complaints, contacts, documents, holidays, home, import, issues, merges, referrals,
    report, restrictions, staff, tasks,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
}

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, and nobody is asked who they are: stylesheets, the health of the service.
    File,
    /// Everybody.
    Public,
    /// Those whose role has the permission. To the others there is no such page.
    Needs(Permission),
    /// Nobody: there is no page here. Those who are not signed in do not learn even that.
    NoSuchPage,
}

/// One line of the table.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    pub mount: fn() -> actix_web::Route,
}

fn get(path: &'static str, access: Access, mount: fn() -> actix_web::Route) -> Route {
    Route {
        method: Method::Get,
        path,
        access,
        mount,
    }
}

fn post(path: &'static str, access: Access, mount: fn() -> actix_web::Route) -> Route {
    Route {
        method: Method::Post,
        path,
        access,
        mount,
    }
}

/// The table. Of two addresses that fit, the first is taken.
#[must_use]
pub fn table() -> Vec<Route> {
    use Access::{File, Needs, Public};
    use Permission as P;
    vec![
        get("/health", File, || to(home::pages::health)),
        get("/assets/{name}", File, || to(assets::show)),
        get("/", Needs(P::OwnAccount), || to(home::pages::home)),
        // Work
        post("/search", Needs(P::SeeCasework), || to(home::pages::search)),
        get("/young-people/{id}", Needs(P::SeeRecord), || {
            to(home::pages::record)
        }),
        get("/history/{kind}/{id}", Needs(P::SeeRecord), || {
            to(home::pages::history)
        }),
        // Closed records and merged ones
        get("/restrictions", Needs(P::Restrict), || {
            to(restrictions::pages::list)
        }),
        get("/restrictions/{id}", Needs(P::Restrict), || {
            to(restrictions::pages::show)
        }),
        post("/restrictions/{id}", Needs(P::Restrict), || {
            to(restrictions::pages::review)
        }),
        get("/young-people/{id}/restrict", Needs(P::Restrict), || {
            to(restrictions::pages::close)
        }),
        post("/young-people/{id}/restrict", Needs(P::Restrict), || {
            to(restrictions::pages::close_sent)
        }),
        get("/young-people/{id}/merge", Needs(P::MergeRecords), || {
            to(merges::pages::find)
        }),
        post("/young-people/{id}/merge", Needs(P::MergeRecords), || {
            to(merges::pages::find_sent)
        }),
        get(
            "/young-people/{id}/merge/{other}",
            Needs(P::MergeRecords),
            || to(merges::pages::preview),
        ),
        post(
            "/young-people/{id}/merge/{other}",
            Needs(P::MergeRecords),
            || to(merges::pages::merge),
        ),
        get("/merges/{id}", Needs(P::MergeRecords), || {
            to(merges::pages::show)
        }),
        post("/merges/{id}", Needs(P::MergeRecords), || {
            to(merges::pages::undo)
        }),
        // What somebody is still writing
        get("/drafts", Needs(P::OwnAccount), || to(home::pages::drafts)),
        post("/drafts", Needs(P::OwnAccount), || to(drafts::save)),
        post("/drafts/throw-away", Needs(P::OwnAccount), || {
            to(drafts::throw_away)
        }),
        // Referrals
        get("/referrals", Needs(P::SeeCasework), || {
            to(referrals::pages::list)
        }),
        post("/referrals", Needs(P::SeeCasework), || {
            to(referrals::pages::search)
        }),
        get("/referrals/new", Needs(P::WorkRecord), || {
            to(referrals::pages::receive)
        }),
        post("/referrals/new", Needs(P::WorkRecord), || {
            to(referrals::pages::receive_sent)
        }),
        get("/referrals/{id}", Needs(P::SeeRecord), || {
            to(referrals::pages::show)
        }),
        post("/referrals/{id}/attempts", Needs(P::WorkRecord), || {
            to(referrals::pages::attempt)
        }),
        get("/referrals/{id}/offer", Needs(P::WorkRecord), || {
            to(referrals::pages::offer)
        }),
        post("/referrals/{id}/offer", Needs(P::WorkRecord), || {
            to(referrals::pages::offer_sent)
        }),
        get("/referrals/{id}/accept", Needs(P::WorkRecord), || {
            to(cases::pages::accept)
        }),
        post("/referrals/{id}/accept", Needs(P::WorkRecord), || {
            to(cases::pages::accept_sent)
        }),
        get("/referrals/{id}/not-taken-up", Needs(P::WorkRecord), || {
            to(referrals::pages::ending)
        }),
        post("/referrals/{id}/not-taken-up", Needs(P::WorkRecord), || {
            to(referrals::pages::ending_sent)
        }),
        post("/referrals/{id}/take", Needs(P::WorkRecord), || {
            to(referrals::pages::take)
        }),
        post("/referrals/{id}/go-on", Needs(P::WorkRecord), || {
            to(referrals::pages::go_on)
        }),
        get("/referrals/{id}/allocate", Needs(P::Allocate), || {
            to(referrals::pages::allocate)
        }),
        post("/referrals/{id}/allocate", Needs(P::Allocate), || {
            to(referrals::pages::allocate_sent)
        }),
        get("/referrals/{id}/reason", Needs(P::StateReason), || {
            to(referrals::pages::reason)
        }),
        post("/referrals/{id}/reason", Needs(P::StateReason), || {
            to(referrals::pages::reason_sent)
        }),
        // Cases
        get("/cases", Needs(P::SeeCasework), || to(cases::pages::list)),
        get("/cases/{id}", Needs(P::SeeRecord), || to(home::pages::case)),
        get("/cases/{id}/allocate", Needs(P::Allocate), || {
            to(cases::pages::allocate)
        }),
        post("/cases/{id}/allocate", Needs(P::Allocate), || {
            to(cases::pages::allocate_sent)
        }),
        get("/cases/{id}/close", Needs(P::WorkRecord), || {
            to(cases::pages::close)
        }),
        post("/cases/{id}/close", Needs(P::WorkRecord), || {
            to(cases::pages::close_sent)
        }),
        get("/cases/{id}/reopen", Needs(P::WorkRecord), || {
            to(cases::pages::reopen)
        }),
        post("/cases/{id}/reopen", Needs(P::WorkRecord), || {
            to(cases::pages::reopen_sent)
        }),
        // Complaints
        get("/complaints", Needs(P::SeeCasework), || {
            to(complaints::pages::list)
        }),
        get("/complaints/new", Needs(P::WorkRecord), || {
            to(complaints::pages::new)
        }),
        get("/cases/{id}/complaint", Needs(P::WorkRecord), || {
            to(complaints::pages::receive)
        }),
        post("/cases/{id}/complaint", Needs(P::WorkRecord), || {
            to(complaints::pages::receive_sent)
        }),
        get("/complaints/{id}", Needs(P::SeeRecord), || {
            to(complaints::pages::show)
        }),
        get("/complaints/{id}/file", Needs(P::SeeRecord), || {
            to(complaints::pages::file)
        }),
        get("/complaints/{id}/edit", Needs(P::WorkRecord), || {
            to(complaints::pages::edit)
        }),
        post("/complaints/{id}/edit", Needs(P::WorkRecord), || {
            to(complaints::pages::edit_sent)
        }),
        get(
            "/complaints/{id}/steps/{step}",
            Needs(P::WorkRecord),
            || to(complaints::pages::step),
        ),
        post(
            "/complaints/{id}/steps/{step}",
            Needs(P::WorkRecord),
            || to(complaints::pages::step_sent),
        ),
        post(
            "/complaints/{id}/steps/{step}/take-back",
            Needs(P::WorkRecord),
            || to(complaints::pages::take_back),
        ),
        // The calendars
        get("/holidays", Needs(P::KeepHolidays), || {
            to(holidays::pages::show)
        }),
        post("/holidays", Needs(P::KeepHolidays), || {
            to(holidays::pages::merge)
        }),
        get("/holidays/closures", Needs(P::KeepHolidays), || {
            to(holidays::pages::closures)
        }),
        post("/holidays/closures", Needs(P::KeepHolidays), || {
            to(holidays::pages::close)
        }),
        post("/holidays/closures/remove", Needs(P::KeepHolidays), || {
            to(holidays::pages::reopen)
        }),
        // Contacts, tasks and issues
        get("/contacts/new", Needs(P::WorkRecord), || {
            to(contacts::pages::choose)
        }),
        get("/cases/{id}/contacts", Needs(P::SeeRecord), || {
            to(contacts::pages::of_case)
        }),
        get("/cases/{id}/contacts/new", Needs(P::WorkRecord), || {
            to(contacts::pages::log)
        }),
        post("/cases/{id}/contacts/new", Needs(P::WorkRecord), || {
            to(contacts::pages::log_sent)
        }),
        get("/contacts/{id}", Needs(P::SeeRecord), || {
            to(contacts::pages::show)
        }),
        post("/contacts/{id}/again", Needs(P::WorkRecord), || {
            to(contacts::pages::again)
        }),
        get("/contacts/{id}/edit", Needs(P::WorkRecord), || {
            to(contacts::pages::edit)
        }),
        post("/contacts/{id}/edit", Needs(P::WorkRecord), || {
            to(contacts::pages::edit_sent)
        }),
        get("/contacts/{id}/in-error", Needs(P::WorkRecord), || {
            to(contacts::pages::in_error)
        }),
        post("/contacts/{id}/in-error", Needs(P::WorkRecord), || {
            to(contacts::pages::in_error_sent)
        }),
        get("/tasks", Needs(P::SeeCasework), || to(tasks::pages::list)),
        get("/cases/{id}/tasks/new", Needs(P::WorkRecord), || {
            to(tasks::pages::new)
        }),
        post("/cases/{id}/tasks/new", Needs(P::WorkRecord), || {
            to(tasks::pages::new_sent)
        }),
        get("/tasks/{id}/edit", Needs(P::WorkRecord), || {
            to(tasks::pages::edit)
        }),
        post("/tasks/{id}/edit", Needs(P::WorkRecord), || {
            to(tasks::pages::edit_sent)
        }),
        post("/tasks/{id}/done", Needs(P::WorkRecord), || {
            to(tasks::pages::done)
        }),
        post("/tasks/{id}/undo", Needs(P::WorkRecord), || {
            to(tasks::pages::undo)
        }),
        get("/cases/{id}/issues/new", Needs(P::WorkRecord), || {
            to(issues::pages::new)
        }),
        post("/cases/{id}/issues/new", Needs(P::WorkRecord), || {
            to(issues::pages::new_sent)
        }),
        get("/issues/{id}", Needs(P::SeeRecord), || {
            to(issues::pages::show)
        }),
        get("/issues/{id}/edit", Needs(P::WorkRecord), || {
            to(issues::pages::edit)
        }),
        post("/issues/{id}/edit", Needs(P::WorkRecord), || {
            to(issues::pages::edit_sent)
        }),
        get("/issues/{id}/asking", Needs(P::WorkRecord), || {
            to(issues::pages::asking)
        }),
        post("/issues/{id}/asking", Needs(P::WorkRecord), || {
            to(issues::pages::asking_sent)
        }),
        get("/issues/{id}/close", Needs(P::WorkRecord), || {
            to(issues::pages::close)
        }),
        post("/issues/{id}/close", Needs(P::WorkRecord), || {
            to(issues::pages::close_sent)
        }),
        get("/issues/{id}/reopen", Needs(P::WorkRecord), || {
            to(issues::pages::reopen)
        }),
        post("/issues/{id}/reopen", Needs(P::WorkRecord), || {
            to(issues::pages::reopen_sent)
        }),
        // Documents to give
        get("/cases/{id}/documents", Needs(P::SeeRecord), || {
            to(documents::pages::choose)
        }),
        get("/cases/{id}/documents/{kind}", Needs(P::WorkRecord), || {
            to(documents::pages::make)
        }),
        post("/cases/{id}/documents/{kind}", Needs(P::WorkRecord), || {
            to(documents::pages::make_sent)
        }),
        get("/documents/texts", Needs(P::EditTexts), || {
            to(documents::pages::texts)
        }),
        get("/documents/texts/{kind}", Needs(P::EditTexts), || {
            to(documents::pages::text)
        }),
        post("/documents/texts/{kind}", Needs(P::EditTexts), || {
            to(documents::pages::text_sent)
        }),
        get(
            "/documents/texts/{kind}/versions",
            Needs(P::EditTexts),
            || to(documents::pages::versions),
        ),
        post(
            "/documents/texts/{kind}/versions",
            Needs(P::EditTexts),
            || to(documents::pages::go_back),
        ),
        get("/documents/{id}", Needs(P::SeeRecord), || {
            to(documents::pages::show)
        }),
        get("/documents/{id}/word", Needs(P::SeeRecord), || {
            to(documents::pages::word_file)
        }),
        // Imports
        get("/imports", Needs(P::SeeImports), || to(import::pages::list)),
        get("/imports/review", Needs(P::SeeImports), || {
            to(import::pages::review)
        }),
        post("/imports/review/{id}", Needs(P::SeeImports), || {
            to(import::pages::decide)
        }),
        get("/imports/{id}", Needs(P::SeeImports), || {
            to(import::pages::show)
        }),
        // Figures
        get("/reports/annual", Needs(P::SeeFigures), || {
            to(report::pages::report)
        }),
        get("/reports/annual/rows", Needs(P::SeeFigures), || {
            to(report::pages::rows)
        }),
        get("/reports/annual/export", Needs(P::SeeFigures), || {
            to(report::pages::export)
        }),
        // Staff
        get("/sign-in", Public, || to(staff::pages::sign_in)),
        post("/sign-in", Public, || to(staff::pages::sign_in_sent)),
        post("/sign-out", Needs(P::OwnAccount), || {
            to(staff::pages::sign_out)
        }),
        get("/password", Needs(P::OwnAccount), || {
            to(staff::pages::password)
        }),
        post("/password", Needs(P::OwnAccount), || {
            to(staff::pages::password_sent)
        }),
        get("/users", Needs(P::SeeUsers), || to(staff::pages::users)),
        post("/users/{id}/disable", Needs(P::SeeUsers), || {
            to(staff::pages::disable)
        }),
        post("/users/{id}/enable", Needs(P::SeeUsers), || {
            to(staff::pages::enable)
        }),
        get("/access-record", Needs(P::SeeAccessRecord), || {
            to(staff::pages::access_record)
        }),
    ]
}

/// The table as the web service mounts it: the routes of one address together, each behind the
/// guard with its own access.
pub(crate) fn resources() -> Vec<Resource> {
    let table = table();
    let mut paths: Vec<&'static str> = Vec::new();
    for route in &table {
        if !paths.contains(&route.path) {
            paths.push(route.path);
        }
    }
    paths
        .into_iter()
        .map(|path| {
            table
                .iter()
                .filter(|route| route.path == path)
                .fold(resource(path), |resource, route| {
                    resource.route(guarded(route))
                })
                .default_service(no_such_page())
        })
        .collect()
}

fn guarded(route: &Route) -> actix_web::Route {
    let mounted = (route.mount)();
    let mounted = match route.method {
        Method::Get => mounted.guard(when::Any(when::Get()).or(when::Head())),
        Method::Post => mounted.guard(when::Post()),
    };
    behind_the_guard(mounted, route.access)
}

/// What answers at every address that nobody has.
pub(crate) fn no_such_page() -> actix_web::Route {
    behind_the_guard(to(nothing), Access::NoSuchPage)
}

fn behind_the_guard(route: actix_web::Route, access: Access) -> actix_web::Route {
    route.wrap(from_fn(move |request, next: Next<_>| {
        guard::guard(access, request, next)
    }))
}

async fn nothing() -> Answer {
    Err(Failed::NotFound)
}
