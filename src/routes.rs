//! Every page there is: its address, what it needs, and the function that makes it. A page that is
//! not in this table does not exist.

use actix_web::middleware::{Next, from_fn};
use actix_web::web::{resource, to};
use actix_web::{Resource, guard as when};

use crate::access::Permission;
use crate::web::{Answer, Failed, api, assets, drafts, guard};
use crate::{
    case_studies, cases, complaints, contacts, documents, handover, holidays, home, import, issues,
    lists, mail, meetings, merges, policy, public, reconciliation, referrals, report, requests,
    restrictions, staff, tasks, team, themes, young_people,
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
    /// Everybody, and nobody is known: who is signed in on the same browser is not asked.
    Stranger,
    /// Those whose role has the permission. To the others there is no such page.
    Needs(Permission),
    /// Other programs, whose token has a scope with the permission. No person, and no cookie.
    Token(Permission),
    /// Nobody: there is no page here. Those who are not signed in do not learn even that.
    NoSuchPage,
}

/// One line of the table.
pub struct Route {
    pub method: Method,
    pub path: &'static str,
    pub access: Access,
    /// True where a form may bring files along.
    pub takes_files: bool,
    pub mount: fn() -> actix_web::Route,
}

fn get(path: &'static str, access: Access, mount: fn() -> actix_web::Route) -> Route {
    Route {
        method: Method::Get,
        path,
        access,
        takes_files: false,
        mount,
    }
}

fn post(path: &'static str, access: Access, mount: fn() -> actix_web::Route) -> Route {
    Route {
        method: Method::Post,
        path,
        access,
        takes_files: false,
        mount,
    }
}

/// A form that may bring files along.
fn upload(path: &'static str, access: Access, mount: fn() -> actix_web::Route) -> Route {
    Route {
        takes_files: true,
        ..post(path, access, mount)
    }
}

/// The table. Of two addresses that fit, the first is taken.
#[must_use]
pub fn table() -> Vec<Route> {
    use Access::{File, Needs, Public, Stranger, Token};
    use Permission as P;
    vec![
        get("/health", File, || to(home::pages::health)),
        get("/assets/{name}", File, || to(assets::show)),
        get("/", Needs(P::OwnAccount), || to(home::pages::home)),
        // Asking for an officer, from outside
        get("/ask", Stranger, || to(public::pages::choose)),
        get("/ask/me", Stranger, || to(public::pages::me)),
        post("/ask/me", Stranger, || to(public::pages::me_sent)),
        get("/ask/me/done", Stranger, || to(public::pages::me_done)),
        get("/ask/parent", Stranger, || to(public::pages::parent)),
        post("/ask/parent", Stranger, || to(public::pages::parent_sent)),
        get("/ask/professional", Stranger, || {
            to(public::pages::professional)
        }),
        post("/ask/professional", Stranger, || {
            to(public::pages::professional_sent)
        }),
        get("/ask/done", Stranger, || to(public::pages::done)),
        // What came in from outside
        get("/requests", Needs(P::SettleRequests), || {
            to(requests::pages::list)
        }),
        get("/requests/{id}", Needs(P::SettleRequests), || {
            to(requests::pages::show)
        }),
        get("/requests/{id}/take", Needs(P::SettleRequests), || {
            to(requests::pages::take)
        }),
        post("/requests/{id}/take", Needs(P::SettleRequests), || {
            to(requests::pages::take_sent)
        }),
        get("/requests/{id}/settle", Needs(P::SettleRequests), || {
            to(requests::pages::settle)
        }),
        post("/requests/{id}/settle", Needs(P::SettleRequests), || {
            to(requests::pages::settle_sent)
        }),
        post("/requests/{id}/back", Needs(P::SettleRequests), || {
            to(requests::pages::back)
        }),
        // Work
        post("/search", Needs(P::SeeCasework), || to(home::pages::search)),
        get("/young-people/{id}", Needs(P::SeeRecord), || {
            to(home::pages::record)
        }),
        get("/history/{kind}/{id}", Needs(P::SeeRecord), || {
            to(home::pages::history)
        }),
        // The team
        get("/team", Needs(P::SeeCasework), || to(home::pages::team)),
        post("/team", Needs(P::Allocate), || to(home::pages::team_sent)),
        get("/team/officers", Needs(P::Allocate), || {
            to(team::pages::officers)
        }),
        get("/team/officers/{id}/hours", Needs(P::Allocate), || {
            to(team::pages::hours)
        }),
        post("/team/officers/{id}/hours", Needs(P::Allocate), || {
            to(team::pages::hours_sent)
        }),
        get("/team/officers/{id}/away", Needs(P::Allocate), || {
            to(team::pages::away)
        }),
        post("/team/officers/{id}/away", Needs(P::Allocate), || {
            to(team::pages::away_sent)
        }),
        get("/team/officers/{id}/handover", Needs(P::Allocate), || {
            to(handover::pages::handover)
        }),
        post("/team/officers/{id}/handover", Needs(P::Allocate), || {
            to(handover::pages::handover_sent)
        }),
        get("/team/absences/{id}", Needs(P::Allocate), || {
            to(team::pages::absence)
        }),
        post("/team/absences/{id}", Needs(P::Allocate), || {
            to(team::pages::absence_sent)
        }),
        post("/team/absences/{id}/cancel", Needs(P::Allocate), || {
            to(team::pages::cancel)
        }),
        get(
            "/young-people/{id}/opposed-wishes",
            Needs(P::WorkRecord),
            || to(team::pages::opposed),
        ),
        post(
            "/young-people/{id}/opposed-wishes",
            Needs(P::WorkRecord),
            || to(team::pages::opposed_sent),
        ),
        post(
            "/young-people/{id}/opposed-wishes/{wish}/end",
            Needs(P::WorkRecord),
            || to(team::pages::end_opposed),
        ),
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
        // Who a young person is
        get("/young-people/{id}/details", Needs(P::SeeRecord), || {
            to(young_people::pages::details)
        }),
        get("/young-people/{id}/name", Needs(P::WorkRecord), || {
            to(home::pages::person)
        }),
        post("/young-people/{id}/name", Needs(P::WorkRecord), || {
            to(home::pages::person_sent)
        }),
        get(
            "/young-people/{id}/background",
            Needs(P::WorkRecord),
            || to(young_people::pages::background),
        ),
        post(
            "/young-people/{id}/background",
            Needs(P::WorkRecord),
            || to(young_people::pages::background_sent),
        ),
        get(
            "/young-people/{id}/communication",
            Needs(P::WorkRecord),
            || to(young_people::pages::communication),
        ),
        post(
            "/young-people/{id}/communication",
            Needs(P::WorkRecord),
            || to(young_people::pages::communication_sent),
        ),
        get(
            "/young-people/{id}/warnings/new",
            Needs(P::WorkRecord),
            || to(young_people::pages::warning_new),
        ),
        post(
            "/young-people/{id}/warnings/new",
            Needs(P::WorkRecord),
            || to(young_people::pages::warning_new_sent),
        ),
        post(
            "/young-people/{id}/warnings/take-over",
            Needs(P::WorkRecord),
            || to(young_people::pages::warning_taken_over),
        ),
        get("/warnings/{id}", Needs(P::WorkRecord), || {
            to(young_people::pages::warning)
        }),
        post("/warnings/{id}", Needs(P::WorkRecord), || {
            to(young_people::pages::warning_sent)
        }),
        get(
            "/young-people/{id}/legal-status/new",
            Needs(P::WorkRecord),
            || to(young_people::pages::start),
        ),
        post(
            "/young-people/{id}/legal-status/new",
            Needs(P::WorkRecord),
            || to(young_people::pages::start_sent),
        ),
        get("/legal-statuses/{id}", Needs(P::WorkRecord), || {
            to(young_people::pages::correct)
        }),
        post("/legal-statuses/{id}", Needs(P::WorkRecord), || {
            to(young_people::pages::correct_sent)
        }),
        get("/young-people/{id}/flags/new", Needs(P::WorkRecord), || {
            to(young_people::pages::flag_new)
        }),
        post("/young-people/{id}/flags/new", Needs(P::WorkRecord), || {
            to(young_people::pages::flag_new_sent)
        }),
        get("/flags/{id}", Needs(P::WorkRecord), || {
            to(young_people::pages::flag)
        }),
        post("/flags/{id}", Needs(P::WorkRecord), || {
            to(young_people::pages::flag_sent)
        }),
        get("/young-people/{id}/homes/new", Needs(P::WorkRecord), || {
            to(young_people::pages::home_new)
        }),
        post("/young-people/{id}/homes/new", Needs(P::WorkRecord), || {
            to(young_people::pages::home_new_sent)
        }),
        get("/homes/{id}", Needs(P::WorkRecord), || {
            to(young_people::pages::home)
        }),
        post("/homes/{id}", Needs(P::WorkRecord), || {
            to(young_people::pages::home_sent)
        }),
        post(
            "/homes/{id}/address",
            Needs(P::SeeConfidentialAddress),
            || to(young_people::pages::address),
        ),
        get(
            "/young-people/{id}/professionals/new",
            Needs(P::WorkRecord),
            || to(young_people::pages::professional_new),
        ),
        post(
            "/young-people/{id}/professionals/new",
            Needs(P::WorkRecord),
            || to(young_people::pages::professional_new_sent),
        ),
        get("/professionals/{id}", Needs(P::WorkRecord), || {
            to(young_people::pages::professional)
        }),
        post("/professionals/{id}", Needs(P::WorkRecord), || {
            to(young_people::pages::professional_sent)
        }),
        get(
            "/young-people/{id}/relations/new",
            Needs(P::WorkRecord),
            || to(young_people::pages::relation_new),
        ),
        post(
            "/young-people/{id}/relations/new",
            Needs(P::WorkRecord),
            || to(young_people::pages::relation_new_sent),
        ),
        get("/relations/{id}", Needs(P::WorkRecord), || {
            to(young_people::pages::relation)
        }),
        post("/relations/{id}", Needs(P::WorkRecord), || {
            to(young_people::pages::relation_sent)
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
        get("/referrals/{id}/take", Needs(P::WorkRecord), || {
            to(referrals::pages::take)
        }),
        post("/referrals/{id}/take", Needs(P::WorkRecord), || {
            to(referrals::pages::take_sent)
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
        // Outcomes
        get("/cases/{id}/outcome", Needs(P::WorkRecord), || {
            to(cases::outcomes::pages::note)
        }),
        post("/cases/{id}/outcome", Needs(P::WorkRecord), || {
            to(cases::outcomes::pages::note_sent)
        }),
        get("/outcomes/{id}", Needs(P::WorkRecord), || {
            to(cases::outcomes::pages::mend)
        }),
        post("/outcomes/{id}", Needs(P::WorkRecord), || {
            to(cases::outcomes::pages::mend_sent)
        }),
        post("/outcomes/{id}/remove", Needs(P::WorkRecord), || {
            to(cases::outcomes::pages::remove)
        }),
        // Themes
        get("/themes", Needs(P::SeeThemes), || to(themes::pages::list)),
        get("/themes/new", Needs(P::WorkThemes), || {
            to(themes::pages::begin)
        }),
        post("/themes/new", Needs(P::WorkThemes), || {
            to(themes::pages::begin_sent)
        }),
        get("/themes/{id}", Needs(P::SeeThemes), || {
            to(themes::pages::show)
        }),
        get("/themes/{id}/edit", Needs(P::WorkThemes), || {
            to(themes::pages::edit)
        }),
        post("/themes/{id}/edit", Needs(P::WorkThemes), || {
            to(themes::pages::edit_sent)
        }),
        get("/themes/{id}/add", Needs(P::WorkThemes), || {
            to(themes::pages::add)
        }),
        post("/themes/{id}/add", Needs(P::WorkThemes), || {
            to(themes::pages::add_sent)
        }),
        post("/themes/{id}/reopen", Needs(P::WorkThemes), || {
            to(themes::pages::reopen)
        }),
        post(
            "/themes/{id}/cases/{member}/out",
            Needs(P::WorkThemes),
            || to(themes::pages::take_out),
        ),
        get("/themes/{id}/{step}", Needs(P::WorkThemes), || {
            to(themes::pages::step)
        }),
        post("/themes/{id}/{step}", Needs(P::WorkThemes), || {
            to(themes::pages::step_sent)
        }),
        get("/cases/{id}/theme", Needs(P::WorkThemes), || {
            to(themes::pages::of_case)
        }),
        post("/cases/{id}/theme", Needs(P::WorkThemes), || {
            to(themes::pages::of_case_sent)
        }),
        // Case studies
        get("/case-studies", Needs(P::SeeCasework), || {
            to(case_studies::pages::list)
        }),
        get("/cases/{id}/case-study", Needs(P::WorkRecord), || {
            to(case_studies::pages::write)
        }),
        post("/cases/{id}/case-study", Needs(P::WorkRecord), || {
            to(case_studies::pages::write_sent)
        }),
        get("/case-studies/{id}", Needs(P::SeeRecord), || {
            to(case_studies::pages::show)
        }),
        get("/case-studies/{id}/edit", Needs(P::WorkRecord), || {
            to(case_studies::pages::edit)
        }),
        post("/case-studies/{id}/edit", Needs(P::WorkRecord), || {
            to(case_studies::pages::edit_sent)
        }),
        get("/case-studies/{id}/check", Needs(P::WorkRecord), || {
            to(case_studies::pages::check)
        }),
        post("/case-studies/{id}/check", Needs(P::WorkRecord), || {
            to(case_studies::pages::check_sent)
        }),
        get("/case-studies/{id}/consent", Needs(P::WorkRecord), || {
            to(case_studies::pages::consent)
        }),
        post("/case-studies/{id}/consent", Needs(P::WorkRecord), || {
            to(case_studies::pages::consent_sent)
        }),
        get(
            "/case-studies/{id}/consent-withdrawn",
            Needs(P::WorkRecord),
            || to(case_studies::pages::consent_withdrawn),
        ),
        post(
            "/case-studies/{id}/consent-withdrawn",
            Needs(P::WorkRecord),
            || to(case_studies::pages::consent_withdrawn_sent),
        ),
        get(
            "/case-studies/{id}/publish",
            Needs(P::PublishCaseStudies),
            || to(case_studies::pages::publish),
        ),
        post(
            "/case-studies/{id}/publish",
            Needs(P::PublishCaseStudies),
            || to(case_studies::pages::publish_sent),
        ),
        get(
            "/case-studies/{id}/withdraw",
            Needs(P::PublishCaseStudies),
            || to(case_studies::pages::withdraw),
        ),
        post(
            "/case-studies/{id}/withdraw",
            Needs(P::PublishCaseStudies),
            || to(case_studies::pages::withdraw_sent),
        ),
        // Lists
        get("/lists", Needs(P::KeepLists), || to(lists::pages::all)),
        get("/lists/{list}", Needs(P::KeepLists), || {
            to(lists::pages::list)
        }),
        post("/lists/{list}", Needs(P::KeepLists), || {
            to(lists::pages::add)
        }),
        get("/lists/{list}/{code}", Needs(P::KeepLists), || {
            to(lists::pages::entry)
        }),
        post("/lists/{list}/{code}", Needs(P::KeepLists), || {
            to(lists::pages::rename)
        }),
        post("/lists/{list}/{code}/{deed}", Needs(P::KeepLists), || {
            to(lists::pages::change)
        }),
        // Which conferences refer whom
        get("/policy", Needs(P::SeePolicy), || to(policy::pages::show)),
        get("/policy/new", Needs(P::KeepPolicy), || {
            to(policy::pages::set)
        }),
        post("/policy/new", Needs(P::KeepPolicy), || {
            to(policy::pages::set_sent)
        }),
        // Where conferences and referrals do not agree
        get("/reconcile", Needs(P::SeeCasework), || {
            to(reconciliation::pages::show)
        }),
        post("/reconcile/settled/{id}/reopen", Needs(P::Allocate), || {
            to(reconciliation::pages::reopen)
        }),
        get("/reconcile/{kind}/{id}/leave", Needs(P::WorkRecord), || {
            to(reconciliation::pages::leave)
        }),
        post("/reconcile/{kind}/{id}/leave", Needs(P::WorkRecord), || {
            to(reconciliation::pages::leave_sent)
        }),
        post(
            "/reconcile/{kind}/{id}/{deed}",
            Needs(P::WorkRecord),
            || to(reconciliation::pages::settle),
        ),
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
        // Conferences
        get("/conferences", Needs(P::SeeCasework), || {
            to(referrals::pages::conferences)
        }),
        get("/conferences/{id}/mark", Needs(P::WorkRecord), || {
            to(referrals::pages::mark)
        }),
        post("/conferences/{id}/mark", Needs(P::WorkRecord), || {
            to(referrals::pages::mark_sent)
        }),
        get("/conferences/{id}/offer", Needs(P::WorkRecord), || {
            to(referrals::pages::offer_anyway)
        }),
        post("/conferences/{id}/offer", Needs(P::WorkRecord), || {
            to(referrals::pages::offer_anyway_sent)
        }),
        // Meetings
        get("/diary", Needs(P::SeeCasework), || {
            to(meetings::pages::diary)
        }),
        get("/diary/feed", Needs(P::SeeCasework), || {
            to(meetings::pages::feed)
        }),
        post("/diary/feed", Needs(P::SeeCasework), || {
            to(meetings::pages::feed_sent)
        }),
        // A calendar program cannot sign in: the secret in the address is what lets it in.
        get("/calendar/{secret}.ics", File, || {
            to(meetings::pages::calendar)
        }),
        get("/cases/{id}/meetings/plan", Needs(P::WorkRecord), || {
            to(meetings::pages::plan)
        }),
        post("/cases/{id}/meetings/plan", Needs(P::WorkRecord), || {
            to(meetings::pages::plan_sent)
        }),
        get("/cases/{id}/meetings/record", Needs(P::WorkRecord), || {
            to(meetings::pages::record)
        }),
        post("/cases/{id}/meetings/record", Needs(P::WorkRecord), || {
            to(meetings::pages::record_sent)
        }),
        get(
            "/cases/{id}/conferences/{child}",
            Needs(P::WorkRecord),
            || to(meetings::pages::conference),
        ),
        post(
            "/cases/{id}/conferences/{child}",
            Needs(P::WorkRecord),
            || to(meetings::pages::conference_sent),
        ),
        get("/meetings/{id}", Needs(P::SeeRecord), || {
            to(meetings::pages::show)
        }),
        get("/meetings/{id}/change", Needs(P::WorkRecord), || {
            to(meetings::pages::change)
        }),
        post("/meetings/{id}/change", Needs(P::WorkRecord), || {
            to(meetings::pages::change_sent)
        }),
        get("/meetings/{id}/record", Needs(P::WorkRecord), || {
            to(meetings::pages::record_again)
        }),
        post("/meetings/{id}/record", Needs(P::WorkRecord), || {
            to(meetings::pages::record_again_sent)
        }),
        get("/meetings/{id}/missed", Needs(P::WorkRecord), || {
            to(meetings::pages::missed)
        }),
        post("/meetings/{id}/missed", Needs(P::WorkRecord), || {
            to(meetings::pages::missed_sent)
        }),
        // Imports
        get("/imports", Needs(P::SeeImports), || to(import::pages::list)),
        get("/imports/review", Needs(P::SeeImports), || {
            to(import::review_pages::list)
        }),
        get("/imports/review/{id}", Needs(P::SeeImports), || {
            to(import::review_pages::row)
        }),
        post("/imports/review/{id}", Needs(P::SeeImports), || {
            to(import::review_pages::row_sent)
        }),
        get("/imports/likenesses/{id}", Needs(P::MergeRecords), || {
            to(import::review_pages::likeness)
        }),
        post("/imports/likenesses/{id}", Needs(P::MergeRecords), || {
            to(import::review_pages::likeness_sent)
        }),
        get("/imports/new", Needs(P::BringIn), || {
            to(import::uploads::pages::new)
        }),
        upload("/imports/new", Needs(P::BringIn), || {
            to(import::uploads::pages::new_sent)
        }),
        get("/imports/guide", Needs(P::BringIn), || {
            to(import::guide::pages::guide)
        }),
        get("/imports/template.xlsx", Needs(P::BringIn), || {
            to(import::guide::pages::template)
        }),
        get("/imports/columns", Needs(P::BringIn), || {
            to(import::names::pages::list)
        }),
        get("/imports/columns/{id}", Needs(P::BringIn), || {
            to(import::names::pages::name)
        }),
        post("/imports/columns/{id}", Needs(P::BringIn), || {
            to(import::names::pages::name_sent)
        }),
        get("/imports/files/{id}", Needs(P::BringIn), || {
            to(import::uploads::pages::show)
        }),
        post("/imports/files/{id}", Needs(P::BringIn), || {
            to(import::uploads::pages::confirm)
        }),
        post("/imports/files/{id}/again", Needs(P::BringIn), || {
            to(import::uploads::pages::again)
        }),
        post("/imports/files/{id}/throw-away", Needs(P::BringIn), || {
            to(import::uploads::pages::throw_away)
        }),
        get("/imports/files/{id}/columns", Needs(P::BringIn), || {
            to(import::names::pages::columns)
        }),
        post("/imports/files/{id}/columns", Needs(P::BringIn), || {
            to(import::names::pages::columns_sent)
        }),
        get("/imports/rows/{id}", Needs(P::BringIn), || {
            to(import::pages::mend)
        }),
        post("/imports/rows/{id}", Needs(P::BringIn), || {
            to(import::pages::mend_sent)
        }),
        get("/imports/{id}", Needs(P::SeeImports), || {
            to(import::pages::show)
        }),
        get("/imports/{id}/undo", Needs(P::BringIn), || {
            to(import::undo::pages::show)
        }),
        post("/imports/{id}/undo", Needs(P::BringIn), || {
            to(import::undo::pages::undo)
        }),
        get("/imports/{id}/rejected.csv", Needs(P::BringIn), || {
            to(import::pages::download)
        }),
        // Other programs
        get("/service-accounts", Needs(P::KeepServiceAccounts), || {
            to(staff::services::pages::list)
        }),
        post("/service-accounts", Needs(P::KeepServiceAccounts), || {
            to(staff::services::pages::add)
        }),
        get(
            "/service-accounts/{id}/token",
            Needs(P::KeepServiceAccounts),
            || to(staff::services::pages::token),
        ),
        post(
            "/service-accounts/{id}/token",
            Needs(P::KeepServiceAccounts),
            || to(staff::services::pages::token_sent),
        ),
        post(
            "/service-accounts/tokens/{id}/revoke",
            Needs(P::KeepServiceAccounts),
            || to(staff::services::pages::revoke),
        ),
        get("/api", Public, || to(import::api::pages::page)),
        get("/api/v1/openapi.json", File, || {
            to(import::api::pages::openapi)
        }),
        post("/api/v1/conferences", Token(P::SendConferences), || {
            to(import::api::pages::send_conferences)
        }),
        post("/api/v1/placements", Token(P::SendPlacements), || {
            to(import::api::pages::send_placements)
        }),
        post("/api/v1/legal-status", Token(P::SendLegalStatus), || {
            to(import::api::pages::send_legal_status)
        }),
        get("/api/v1/imports/{batch}", Token(P::ReadOwnReceipts), || {
            to(import::api::pages::receipt)
        }),
        // Figures
        get("/reports/annual/rows", Needs(P::SeeFigures), || {
            to(report::pages::rows)
        }),
        get("/reports/{view}", Needs(P::SeeFigures), || {
            to(report::pages::report)
        }),
        get("/reports/{view}/export", Needs(P::SeeFigures), || {
            to(report::pages::export)
        }),
        get(
            "/reports/{view}/by/{dimension}",
            Needs(P::SeeFigures),
            || to(report::pages::apart),
        ),
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
        get("/mail", Needs(P::SeeMail), || to(mail::pages::list)),
        post("/mail/{id}/again", Needs(P::SeeMail), || {
            to(mail::pages::again)
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
                .default_service(match is_for_programs(path) {
                    true => to(api::no_such_method),
                    false => no_such_page(),
                })
        })
        .chain([resource(format!("{}/{{rest:.*}}", api::ROOT)).default_service(to(api::nothing))])
        .collect()
}

fn is_for_programs(path: &str) -> bool {
    path.strip_prefix(api::ROOT)
        .is_some_and(|rest| rest.starts_with('/'))
}

fn guarded(route: &Route) -> actix_web::Route {
    let mounted = (route.mount)();
    let mounted = match route.method {
        Method::Get => mounted.guard(when::Any(when::Get()).or(when::Head())),
        Method::Post => mounted.guard(when::Post()),
    };
    match route.access {
        Access::Token(permission) => mounted.wrap(from_fn(move |request, next: Next<_>| {
            api::guard(permission, request, next)
        })),
        access => behind_the_guard(mounted, access, route.takes_files),
    }
}

/// What answers at every address that nobody has.
pub(crate) fn no_such_page() -> actix_web::Route {
    behind_the_guard(to(nothing), Access::NoSuchPage, false)
}

fn behind_the_guard(
    route: actix_web::Route,
    access: Access,
    takes_files: bool,
) -> actix_web::Route {
    route.wrap(from_fn(move |request, next: Next<_>| {
        guard::guard(access, takes_files, request, next)
    }))
}

async fn nothing() -> Answer {
    Err(Failed::NotFound)
}
