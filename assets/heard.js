// What scripts add to Heard. Every page works without them: forms and links do everything.
import { ExitThisPage, initAll } from "./govuk-frontend.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
exitWithoutATrace();
initAll();
leaveNothing();
sendFormsOnce();
warnBeforeSessionEnds();
keepDrafts();
showProgress();

// "Exit this page" puts the other page in the place of this one: going back does not lead here.
function exitWithoutATrace() {
  ExitThisPage.prototype.exitPage = function exitPage() {
    document.body.classList.add("govuk-exit-this-page-hide-content");
    window.location.replace(this.$button.href);
  };
}

// On the public pages the next person at this browser finds nothing: not by going back, and not by
// loading again what was sent.
function leaveNothing() {
  if (!document.querySelector("[data-leave-nothing]")) {
    return;
  }
  // Loading the page again asks for an empty one, and does not send what was typed once more.
  window.history.replaceState(null, "", window.location.href);
  window.addEventListener("pagehide", () => {
    document.querySelectorAll("form").forEach((form) => {
      form.querySelectorAll("input:not([type=hidden]), textarea").forEach((box) => {
        if (box.type === "checkbox" || box.type === "radio") {
          box.checked = false;
        } else {
          box.value = "";
        }
      });
    });
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      window.location.reload();
    }
  });
}

// A second press of a button while the first is on its way does nothing. The hold ends after ten
// seconds, for downloads and lost connections, and when the page comes back from the history.
function sendFormsOnce() {
  const held = new WeakMap();
  const release = (form) => {
    clearTimeout(held.get(form));
    held.delete(form);
    form.removeAttribute("aria-busy");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") {
      return;
    }
    if (held.has(form)) {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    held.set(form, setTimeout(() => release(form), 10000));
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      document.querySelectorAll("form[aria-busy]").forEach(release);
    }
  });
}

// <body data-session-ends="2022-03-01T12:00:00Z">: five minutes before, a message says so and
// offers to stay. Staying asks the server for the home page behind the scenes, which extends the
// session without touching what is half written on this page; without a fresh end in the answer
// the message says what to do instead.
function warnBeforeSessionEnds() {
  if (!document.body.dataset.sessionEnds) {
    return;
  }
  const notice = 5 * 60 * 1000;
  const message = document.createElement("div");
  message.className = "heard-session";
  message.setAttribute("role", "status");
  message.setAttribute("aria-live", "polite");
  document.body.append(message);

  let warning;
  let ending;
  document.addEventListener("heard:session", (event) => plan(event.detail));
  plan(document.body.dataset.sessionEnds);

  function plan(instant) {
    const left = Date.parse(instant) - Date.now();
    if (Number.isNaN(left)) {
      return;
    }
    clearTimeout(warning);
    clearTimeout(ending);
    warning = setTimeout(() => warn(instant), Math.max(left - notice, 0));
    ending = setTimeout(sayEnded, Math.max(left, 0));
  }

  function warn(instant) {
    const time = new Date(instant).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const stay = link("Stay signed in");
    stay.addEventListener("click", (event) => {
      event.preventDefault();
      extend();
    });
    show(`You will be signed out at ${time}.`, stay);
  }

  async function extend() {
    try {
      const answer = await fetch("/", { credentials: "same-origin", headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = answer.ok && page.body.dataset.sessionEnds;
      if (fresh) {
        document.body.dataset.sessionEnds = fresh;
        show("You are still signed in.");
        setTimeout(() => message.replaceChildren(), 5000);
        plan(fresh);
        return;
      }
    } catch {
      // Falls through: the person is told below.
    }
    show("Sorry, we could not keep you signed in. Save what you have written now.", link("Load this page again"));
  }

  function sayEnded() {
    const kept = document.querySelector("form input[name=form_page]");
    show(
      kept
        ? "You have been signed out. Sign in again, and what was saved as a draft is back."
        : "You have been signed out. Copy anything you have not saved before you leave this page.",
      link("Sign in again"),
    );
  }

  function link(words) {
    const anchor = document.createElement("a");
    anchor.className = "govuk-link heard-session__link";
    anchor.href = window.location.href.split("#")[0];
    anchor.textContent = words;
    return anchor;
  }

  function show(words, action) {
    const text = document.createElement("p");
    text.className = "heard-session__text";
    text.textContent = `${words} `;
    if (action) {
      text.append(action);
    }
    message.replaceChildren(text);
  }
}

// What is typed is kept on the server, a second after the typing pauses and at least every ten
// seconds, never in the browser. A line under the form says when it was saved, or why it was not.
// A form takes part when its page gives half-written words back: it then says on which page it is.
function keepDrafts() {
  document.querySelectorAll("form").forEach((form) => {
    if (form.method === "post" && form.querySelector("input[name=form_page]")) {
      keepDraft(form);
    }
  });
}

function keepDraft(form) {
  const PAUSE = 1000;
  const LONGEST = 10000;
  const AGAIN = 5000;
  const said = document.createElement("p");
  said.className = "heard-draft";
  said.setAttribute("role", "status");
  said.setAttribute("aria-live", "polite");
  form.append(said);

  let pause;
  let waitingSince;
  let unsaved = false;
  let onItsWay = false;

  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  // The form takes its words along. They are kept as well, should it never arrive.
  form.addEventListener("submit", () => leave());
  window.addEventListener("pagehide", () => leave());
  window.addEventListener("online", () => unsaved && save());

  function typed() {
    unsaved = true;
    waitingSince ??= Date.now();
    plan(Math.min(PAUSE, Math.max(waitingSince + LONGEST - Date.now(), 0)));
  }

  function plan(wait) {
    clearTimeout(pause);
    pause = setTimeout(save, wait);
  }

  function leave() {
    clearTimeout(pause);
    if (unsaved) {
      unsaved = false;
      send(true).catch(() => { unsaved = true; });
    }
  }

  function send(keepalive) {
    const body = new URLSearchParams(new FormData(form));
    return fetch("/drafts", { method: "POST", body, keepalive, credentials: "same-origin", redirect: "manual" });
  }

  async function save() {
    if (onItsWay) {
      plan(PAUSE);
      return;
    }
    clearTimeout(pause);
    onItsWay = true;
    unsaved = false;
    waitingSince = undefined;
    try {
      await tell(await send(false));
    } catch {
      unsaved = true;
      say("We cannot reach Heard, so what you typed last is not saved yet. We keep trying while this page is open.");
    }
    onItsWay = false;
    if (unsaved) {
      plan(AGAIN);
    }
  }

  async function tell(answer) {
    const time = answer.headers.get("draft-saved-at");
    const ends = answer.headers.get("session-ends");
    if (ends) {
      document.dispatchEvent(new CustomEvent("heard:session", { detail: ends }));
    }
    if (answer.ok) {
      const more = await answer.text();
      say([time && `Saved as a draft at ${time}.`, more].filter(Boolean).join(" "));
    } else if (time) {
      say(`You have been signed out. What you wrote was still saved as a draft at ${time}: sign in again to go on with it.`);
    } else {
      unsaved = true;
      say(answer.status === 403
        ? "You have been signed out, and what you typed last is not saved. Sign in again in another window: we keep trying while this page is open."
        : "What you typed last is not saved yet. We keep trying while this page is open.");
    }
  }

  function say(words) {
    if (said.textContent !== words) {
      said.textContent = words;
    }
  }
}

// <div data-heard-progress>: long work on the server. The page is asked again every second, and what
// it says stands here without a reload; when the work has ended, the page that shows it is opened.
function showProgress() {
  const shown = document.querySelector("[data-heard-progress]");
  if (!shown) {
    return;
  }
  const look = async () => {
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-heard-progress]");
      if (!fresh || answer.redirected) {
        window.location.replace(answer.url);
        return;
      }
      if (fresh.textContent !== shown.textContent) {
        shown.replaceChildren(...fresh.childNodes);
      }
    } catch {
      // The service cannot be reached: the next look may find it.
    }
    setTimeout(look, 1000);
  };
  setTimeout(look, 500);
}
