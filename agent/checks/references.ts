import type { CheckId, LocalizedText, Reference } from "../model/index.ts";

const same = (name: string): LocalizedText => ({ ja: name, en: name });

/** In the order in which they are shown. */
const BODIES = {
  jcStar: same("JC-STAR ★1"),
  ipa: same("IPA JISEC-PROC-2018-A01"),
  mic: same("総務省 (MIC) 2025-12-23"),
  en303645: same("EN 303 645 V3.1.3"),
  nist: same("NIST IR 8425"),
  nistRouters: same("NIST IR 8425A"),
  owasp: same("OWASP IoT Top 10 2018"),
  cra: same("(EU) 2024/2847 Annex I, Part I (2)"),
  cis: same("CIS Controls v8"),
  psti: same("UK PSTI 2023, Schedule 1"),
  onvif: same("ONVIF"),
  onvifPractices: { ja: "ONVIF 推奨事項", en: "ONVIF best practices" },
  ncsc: { ja: "英国NCSC カメラの手引き", en: "UK NCSC advice on smart cameras" },
};

type Row = Readonly<Partial<Record<keyof typeof BODIES, readonly string[]>>>;

/** A door to a camera that the internet reaches, however it came to be open. */
const WAY_IN: Row = {
  jcStar: ["S1.1-13"],
  ipa: ["3.4", "4.2"],
  mic: ["(3)"],
  en303645: ["5.6-1"],
  nist: ["Product Configuration"],
  owasp: ["I2", "I9"],
  cra: ["(j)"],
  cis: ["4.2", "4.4", "4.8"],
  onvifPractices: [],
  ncsc: [],
};

/**
 * The clauses; facts only, no requirement is restated. The IPA checklist is cited by phase and the ministry's notice by
 * its three questions, since their items carry no number. JC-STAR S1.1-09 to -14 and the CIS numbers are cited by their
 * published numbering and were not read again in the source.
 */
const ROWS: Readonly<Record<CheckId, Row>> = {
  "open-live-view": {
    jcStar: ["S1.1-01"],
    ipa: ["4.2"],
    mic: ["(1)"],
    en303645: ["5.5-4", "5.5-5", "5.8-2"],
    nist: ["Interface Access Control"],
    owasp: ["I1", "I9"],
    cra: ["(b)", "(d)"],
    cis: ["3.3", "4.1"],
    onvif: ["Default Access Policy"],
  },
  "default-credentials": {
    jcStar: ["S1.1-02", "S1.1-03"],
    ipa: ["4.2"],
    mic: ["(1)"],
    en303645: ["5.1-1", "5.1-4"],
    nist: ["Interface Access Control"],
    owasp: ["I1"],
    cra: ["(b)", "(d)"],
    cis: ["4.7", "5.2"],
    psti: ["1"],
    onvifPractices: [],
  },
  "anonymous-access": {
    jcStar: ["S1.1-01", "S1.1-13"],
    ipa: ["4.2"],
    mic: ["(1)", "(3)"],
    en303645: ["5.5-4", "5.6-2"],
    nist: ["Interface Access Control"],
    owasp: ["I9"],
    cra: ["(b)", "(d)"],
    cis: ["4.7"],
    onvif: ["Default Access Policy"],
  },
  "port-mapping-to-camera": WAY_IN,
  "reachable-from-internet": WAY_IN,
  "ipv6-reachable": WAY_IN,
  "port-mapping-to-other": {
    jcStar: ["S1.1-13"],
    ipa: ["3.4", "4.2"],
    mic: ["(3)"],
    en303645: ["5.6-1"],
    nist: ["Product Configuration"],
    owasp: ["I2"],
    cra: ["(j)"],
    cis: ["4.2", "4.4"],
    onvifPractices: [],
    ncsc: [],
  },
  "router-upnp-enabled": {
    jcStar: ["S1.1-13"],
    ipa: ["4.2"],
    mic: ["(3)"],
    en303645: ["5.6-1"],
    nistRouters: [],
    owasp: ["I9"],
    cra: ["(b)", "(j)"],
    cis: ["4.2", "4.8"],
    ncsc: [],
  },
  "telnet-open": {
    jcStar: ["S1.1-13"],
    ipa: ["4.2"],
    mic: ["(3)"],
    en303645: ["5.5-1", "5.6-1"],
    nist: ["Product Configuration"],
    owasp: ["I2"],
    cra: ["(j)"],
    cis: ["4.6", "4.8"],
    onvifPractices: [],
  },
  "unencrypted-access": {
    jcStar: ["S1.1-12"],
    ipa: ["4.2"],
    en303645: ["5.5-1", "5.5-7", "5.8-2"],
    nist: ["Data Protection"],
    owasp: ["I7"],
    cra: ["(e)"],
    cis: ["3.10"],
    onvifPractices: [],
  },
  "outdated-firmware": {
    jcStar: ["S1.1-06", "S1.1-09", "S1.1-16"],
    ipa: ["4.4"],
    mic: ["(2)"],
    en303645: ["5.3-3", "5.3-8", "5.3-13"],
    nist: ["Software Update"],
    owasp: ["I4", "I5"],
    cra: ["(c)"],
    cis: ["7.4", "12.1"],
    psti: ["3"],
  },
  "known-exploited-vulnerability": {
    jcStar: ["S1.1-09"],
    ipa: ["4.4"],
    mic: ["(2)"],
    en303645: ["5.2-1", "5.3-8"],
    nist: ["Software Update", "Information Dissemination"],
    owasp: ["I5"],
    cra: ["(a)"],
    cis: ["7.1", "7.4"],
  },
  "unknown-camera": {
    jcStar: ["S1.1-10"],
    ipa: ["4.3"],
    en303645: ["5.3-16", "5.8-3"],
    nist: ["Asset Identification"],
    owasp: ["I8"],
    cra: ["(l)"],
    cis: ["1.1", "1.2"],
    onvifPractices: [],
  },
  "missing-camera": {
    jcStar: ["S1.1-14"],
    ipa: ["4.2", "4.3"],
    en303645: ["5.9"],
    nist: ["Cybersecurity State Awareness"],
    owasp: ["I8"],
    cra: ["(l)"],
    cis: ["1.1"],
  },
  "agent-exposed": {
    ipa: ["3.4"],
    en303645: ["5.6-1"],
    nistRouters: [],
    owasp: ["I2"],
    cra: ["(j)"],
    cis: ["4.2", "4.4"],
    ncsc: [],
  },
};

/** What each check rests on, for whoever has to prove it. */
export const references = Object.fromEntries(
  Object.entries(ROWS).map(([check, row]) => [check, inOrder(row)]),
) as Readonly<Record<CheckId, readonly Reference[]>>;

function inOrder(row: Row): readonly Reference[] {
  return (Object.keys(BODIES) as (keyof typeof BODIES)[]).flatMap((body) => {
    const clauses = row[body];
    return clauses ? [{ name: BODIES[body], clauses }] : [];
  });
}
