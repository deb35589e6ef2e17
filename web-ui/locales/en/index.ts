import type { Words } from "../words/index.ts";
import { access } from "./access.ts";
import { camera } from "./camera.ts";
import { finding } from "./finding.ts";
import { message } from "./message.ts";
import { outside } from "./outside.ts";
import { picture } from "./picture.ts";
import { plural } from "./plural.ts";
import { report } from "./report.ts";
import { setup } from "./setup.ts";
import { statements } from "./statements.ts";
import { visit } from "./visit.ts";
import { ways } from "./ways.ts";

const those = (n: number): string => (n > 1 ? `those ${n} cameras` : "that camera");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export const en: Words = {
  setup,
  access,
  report,
  visit,
  message,
  finding,
  camera,
  statements,
  picture,
  ways,
  outside,
  language: { own: "English", other: "日本語" },
  product: { name: "Komainu", line: "watches over your cameras" },
  headlines: {
    self: {
      title: () => "This checker itself can be reached from outside",
      sentence: () => "Details are hidden to protect them. Call your contractor.",
    },
    emergency: {
      title: () => "Act now",
      sentence: ({ who, place, affected }) =>
        `We confirmed that anyone outside ${place} can watch ${who}. First, switch ${those(affected)} off.`,
    },
    "emergency-configured": {
      title: () => "Act now",
      sentence: ({ who, place, affected }) =>
        `The settings let people outside ${place} watch ${who}. First, switch ${those(affected)} off.`,
    },
    danger: {
      title: ({ n }) => plural(n, "dangerous problem", "dangerous problems"),
      sentence: ({ who }) => `This affects ${who}. Work from the top; each has at most three steps.`,
    },
    stale: {
      title: () => "Checks have stopped",
      sentence: ({ at }) =>
        `Last check: ${at}. We do not know the current state. Look at the power and network cables.`,
    },
    waiting: {
      title: () => "Waiting for permission",
      sentence: () => "Nothing is tried on the cameras until the person in charge agrees.",
    },
    checking: {
      title: () => "First check in progress",
      sentence: () => "Results appear here camera by camera.",
    },
    "no-camera": {
      title: () => "No camera found",
      sentence: () => "If there are cameras, they may be on another network. Tell your contractor.",
    },
    unknown: {
      title: () => "Some checks could not be done",
      sentence: ({ n }) =>
        `Nothing dangerous was found, but ${plural(n, "check", "checks")} did not run, so we cannot say that everything was looked at.`,
    },
    attention: {
      title: ({ n }) => plural(n, "point to improve", "points to improve"),
      sentence: ({ by }) => `Not urgent. Talk to your contractor by ${by}.`,
    },
    none: {
      title: () => "This check found no problem",
      sentence: ({ total, at }) => `${plural(total, "camera", "cameras")}, ${at}.`,
    },
  },
  marks: {
    emergency: "Act now",
    danger: "Danger",
    attention: "Attention",
    unknown: "Not confirmed",
    waiting: "Waiting for permission",
    none: "No problem found",
    checking: "Checking",
  },
  outcomes: {
    pass: "Nothing found",
    fail: "Found",
    unknown: "Not confirmed",
    notapplicable: "Does not apply",
    notchecked: "Not checked",
    error: "Check failed",
  },
  checks: {
    "open-live-view": "Video without a password",
    "default-credentials": "Factory password",
    "anonymous-access": "Access without an account",
    "port-mapping-to-camera": "Path from outside to the camera",
    "port-mapping-to-other": "Other paths from outside",
    "router-upnp-enabled": "Doors that open by themselves",
    "telnet-open": "Old remote-control door",
    "unencrypted-access": "Unencrypted traffic",
    "outdated-firmware": "Age of the camera's software",
    "known-exploited-vulnerability": "Weakness that criminals use",
    "unknown-camera": "Unknown camera",
    "missing-camera": "Missing camera",
    "agent-exposed": "This checker, seen from outside",
    "reachable-from-internet": "Doors that answer from outside",
    "ipv6-reachable": "Cameras reached by IPv6",
  },
  kinds: {
    camera: "Camera",
    recorder: "Recorder",
    router: "Router",
    other: "Other device",
    unknown: "Not known yet",
  },
  managers: {
    site: "We manage it here",
    contractor: "The company that installed it",
    service: "A streaming or other service",
    unknown: "Not known yet",
  },
  actors: { site: "You", contractor: "Contractor", carrier: "Internet company" },
  ladder: {
    room: "Only devices in this room",
    building: "People on this building's network",
    internet: "Anyone on the internet",
    unknown: "Not known yet",
  },
  notices: {
    fixed: "Fixed. We have just confirmed it.",
    still: "Not fixed yet. We have just confirmed it.",
    unsettled: "It could not be confirmed. Please try again in a while.",
    checking: "The check has started. Results will appear shortly.",
    saved: "Saved.",
    allowed: "The permission is recorded.",
    withdrawn: "The permission is withdrawn.",
    "signed-in": "Showing the details.",
    "signed-out": "Signed out here.",
    boxes: "Please tick all three boxes and fill in name and role first.",
    incomplete: "Please fill in every field.",
    "pin-set": "The PIN is set. From now on, open the page with it.",
    "pin-bad": "A PIN has six digits. Enter the same one twice.",
    "pin-simple": "That PIN is too easy to guess. Please choose six other digits.",
    "pin-first": "Choose the PIN of this place first.",
    "handed-over":
      "The hand-over is recorded. The code from the installation no longer works. From now on, the PIN opens this page.",
    dismissed: "The contractor's code no longer works.",
    "visit-begun": 'The maintenance visit has begun. The results of now are kept as "before".',
    "visit-ended": "The maintenance visit has ended.",
    "visit-running": "A maintenance visit is still going on.",
    signed: "The signatures are recorded.",
    "sheet-changed": "The report has changed, so nothing was recorded. Please print the new one.",
    "way-closed":
      "Closed. We confirmed that it is gone from the router's list. Nobody asked from outside the building.",
    "way-confirmed": "Closed. Asked from outside the building, it was closed too.",
    "way-answers":
      "It is gone from the router's list. But asked from outside the building, it still answered.",
    "way-already": "It was already gone when the button was pressed.",
    "way-refused":
      "The router refused. Nothing has changed. Delete it on the router's own page, as told below.",
    "way-changed": "The entry was no longer what you had seen, so nothing was deleted. Please check again.",
    "way-still-there":
      "The router said yes, but it is still there. Delete it on the router's own page, as told below.",
    "way-failed":
      "The router gave no usable answer, so whether it is closed could not be checked. Please check again.",
    "way-partly": "Some of it was closed and some was not. See the record below.",
    "way-none": "There is nothing to close from here at present.",
    "way-closing": "The closing goes on. Look at this page again in a while.",
    "outside-set": "The change is recorded. The next check looks this way.",
    "vantage-bad":
      "The line could not be read, so nothing has changed. Please ask the contractor for it again.",
    "guard-on": "The camera guard is in place.",
    "guard-off": "The camera guard is taken away.",
    "guard-failed": "The camera guard could not be changed. See the record below.",
  },
  time: {
    today: "today",
    yesterday: "yesterday",
    date: (year, month, day) => `${day} ${MONTHS[month - 1]} ${year}`,
    on: (date, clock) => `${date} ${clock}`,
  },
  common: {
    cameras: (n) => plural(n, "camera", "cameras"),
    quoted: (name) => `"${name}"`,
    and: " and ",
    notCamera: "the router or another device",
    thisPlace: "this building",
    unnamedCamera: "Unnamed camera",
    lastCheck: "Last check",
    nextCheck: "Next check",
    never: "None yet",
    contact: "Contact",
    unknownReason: "The reason is not known yet",
    stoppedSince: "No check has worked since. Last check",
    lost: "This page may be out of date: it has lost contact with the checking device. Look at its power and network cables.",
    backToStatus: "Back to the first page",
    skip: "Skip to content",
    menu: "Menu",
  },
  status: {
    title: "Status",
    details: "Details (enter the code)",
    camerasHeading: "Camera by camera",
    elsewhereHeading: "Router and other devices",
    since: (date) => `Since at least ${date}`,
    unsettled: (n, mark) => `${mark}: ${n}`,
    notFound: (n) => `Checked, nothing found: ${n}`,
    checkNow: "Check again",
    whatToDo: "See what to do now",
    accepted: (n) => `Accepted: ${n}`,
    cannotKnowTitle: "What this check cannot know",
    cannotKnow: (place) =>
      `It looks from inside the network of ${place} only. It cannot see cameras on a mobile line. It cannot see video kept on a company's servers, or anything before checking began. It never looks at the pictures.`,
    notYet: "There is no result yet.",
    more: (n) => `${n} more points`,
    asOf: (at) => `What follows is not of now: it is the result of the check of ${at}.`,
    openQuestions: (n) => `${plural(n, "check has", "checks have")} not been confirmed.`,
  },
  scanning: {
    title: "Checking",
    progress: (done, total) => `${done} of ${total} devices done.`,
    starting: "Looking around the network.",
    mayClose: "You may close this page.",
    nth: (nth, of) => `Camera ${nth} of ${of}: `,
    found: "found",
    asked: {
      ports: "checking which doors are open",
      web: "checking the settings page",
      telnet: "checking for an old remote-control door",
      onvif: "checking the door for other makers' devices",
      rtsp: "checking the door for the video stream",
      pictures: "checking for video without a password",
      logins: "checking the password",
      igd: "checking the paths from outside",
      portControl: "checking the router's other ways to open a door",
    },
  },
  claim: {
    title: "Enter the code",
    why: "Camera names and how to mend things are shown only to those who know the code.",
    label: "Your code (6 or 8 digits)",
    codes: [
      "People of this place: the PIN of six digits.",
      "Whoever installs it: the eight digits on the paper or sticker.",
      "Contractors: the eight digits that this place gave you.",
    ],
    submit: "Show the details",
    wrong:
      "That code is not right. Please look again and enter it once more. A contractor's code ends on its date.",
    tooMany: (time) => `Too many tries. The next try is possible from ${time}.`,
    signOut: "Sign out here",
    lost: "If you do not know the code, ask the person in charge here or the company that installed this checker.",
  },
  consent: {
    title: "For the person in charge",
    intro: (place) => `This device checks whether the cameras of ${place} can be seen by outsiders.`,
    acts: [
      "It finds the devices on the network.",
      "It asks each camera whether it gives video without a password. It never looks at or keeps pictures.",
      "Only where you allow it, it tries the factory password, at most twice a day. It leaves at once and changes nothing.",
    ],
    confirm: "Please confirm these three points.",
    boxes: [
      "I may decide about the cameras here.",
      "For cameras that a company manages, I will get that company's agreement first.",
      "I know that I can withdraw at any time.",
    ],
    person: "Your name",
    role: "Your role",
    months: "Valid for",
    monthsOption: (n) => (n === 12 ? "1 year" : plural(n, "month", "months")),
    managers: "Who manages this camera?",
    managersHelp: "Passwords are tried only on cameras that you manage here.",
    managersSaid: "Who manages the cameras",
    managersChange: "Correct a name or who manages it",
    allow: "Allow and start the check",
    lookOnly: "Only look, try no passwords",
    law: "Entering a password on somebody else's device without leave is against the law. That is why the permission is recorded.",
    records: "Recorded permissions",
    renew: "Give a new permission",
    whoMay: "Only the person in charge can allow or withdraw. Ask them to open this page with the PIN.",
    none: "There is no recorded permission yet.",
    recordSealed: (from, until) => `Permission from ${from} to ${until}`,
    record: (person, role, from, until) => `${person} (${role}), ${from} to ${until}`,
    levelAsk: "Look only",
    levelTry: "Also try the factory password",
    withdraw: "Withdraw",
    withdrawn: (date) => `Withdrawn ${date}`,
    expired: "Expired",
  },
  about: {
    title: "What this device does and does not do",
    what: "This device finds the cameras on this network and asks of each: who can see it? The results appear only on this page.",
    levels: "What it does, and when",
    when: "When",
    rows: [
      { level: "L0 look", does: "Finds the devices on the network.", when: "Always" },
      {
        level: "L1 ask",
        does: "Asks each camera whether it gives video without a password.",
        when: "With permission",
      },
      {
        level: "L2 try",
        does: "Tries the factory password, at most twice a day.",
        when: "With permission, on cameras that you manage",
      },
      {
        level: "L3 mend",
        does: "Deletes a path from outside.",
        when: "Each time somebody presses the button",
      },
    ],
    never: "What it never does",
    neverRows: [
      "It never looks at or keeps pictures.",
      "It never changes a camera's settings by itself.",
      "It never guesses passwords.",
      "It never sends results out of this building.",
      "It never asks the router to open a door.",
      "It asks nobody outside this building until the person in charge turns that on.",
    ],
    passwords: "A password on the viewing site or app does not protect the camera itself.",
    passwordsText: "The camera needs a password of its own.",
    plainHttp: 'When the browser says "not secure"',
    plainHttpText:
      "This page is for use inside the building only and is not encrypted. It never asks for a camera's password.",
    version: "Version",
  },
  problems: {
    notYours: {
      title: "Your code does not open this",
      text: "Only the people in charge of this place may do this. Ask whoever holds its PIN.",
    },
    notFound: {
      title: "There is no such page",
      text: "The address has changed or the item no longer exists. Please start from the first page.",
    },
    host: {
      title: "Not available under this name",
      text: "Open this device by its own name or by its numeric address. To use another name, add it to allowedHosts in the settings.",
    },
    bad: { title: "The input was not accepted", text: "Please look at what you entered and try again." },
    broken: {
      title: "Something went wrong in this device",
      text: "Please try again. If it goes on, call your contractor.",
    },
  },
};
