// What scripts add to Heard. Every page works without them: forms and links do everything.
import { initAll } from "./govuk-frontend.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
sendFormsOnce();
warnBeforeSessionEnds();

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
    show("You have been signed out. Copy anything you have not saved before you leave this page.", link("Sign in again"));
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
