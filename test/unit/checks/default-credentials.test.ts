import { describe, expect, it } from "vitest";
import { defaultCredentials as check } from "../../../agent/checks/default-credentials.ts";
import type { LoginFact, NotTriedReason } from "../../../agent/model/index.ts";
import {
  answered,
  brief,
  device,
  failed,
  guarded,
  input,
  login,
  mapping,
  notAsked,
  site,
  vendor,
  webDoor,
} from "./builders.ts";

const withLogins = (doors: readonly LoginFact[], because: NotTriedReason | null = null) => ({
  evidence: { ...guarded, logins: answered<"logins">({ doors, because }) },
});
const judged = (doors: readonly LoginFact[], part = {}) =>
  brief(check.run(input({ ...withLogins(doors), ...part })));
const onvifDoor = { protocol: "onvif", port: 80 } as const;
const accepted = login({ result: "accepted", control: "rejected" });

describe("default-credentials", () => {
  it("fails at the door that took the factory login and refused a made-up one", () => {
    const outcomes = check.run(input(withLogins([login(), { ...accepted, door: onvifDoor }])));
    expect(brief(outcomes)).toEqual(["pass http:80", "fail onvif:80"]);
    expect(outcomes[1]?.evidence.join()).toContain("acme#/factoryLogins/0");
    expect(outcomes[1]?.severity).toBe("high");
  });

  it("never carries the login's strings", () => {
    const file = vendor({
      factoryLogins: [{ user: "u5er-name", password: "pa55-word", source: "manual", checked: "2026-11-01" }],
    });
    const outcomes = check.run(input({ ...withLogins([accepted]), vendor: file }));
    expect(JSON.stringify(outcomes)).not.toMatch(/u5er-name|pa55-word/);
  });

  it("is critical when the internet is led to that door", () => {
    const outcomes = check.run(input({ ...withLogins([accepted]), site: site({ mappings: [mapping()] }) }));
    expect(outcomes[0]).toMatchObject({ severity: "critical", audience: "internet" });
  });

  it("does not believe an accepted login without the control", () => {
    const unproved = login({ result: "accepted", control: "not-tried", because: "budget" });
    expect(judged([unproved])).toEqual(["unknown control-not-tried"]);
    const proved = { ...accepted, door: onvifDoor };
    expect(judged([unproved, proved])).toEqual(["fail http:80", "fail onvif:80"]);
    const anybody = login({ door: onvifDoor, result: "open-view", control: "accepted" });
    expect(judged([unproved, anybody])).toEqual(["unknown control-not-tried"]);
    expect(judged([login({ result: "open-view", control: "accepted" })])).toEqual(["unknown any-password"]);
  });

  it("passes only when every documented login was refused at every door", () => {
    expect(judged([login(), login({ door: onvifDoor })])).toEqual(["pass"]);
    const two = vendor({
      factoryLogins: [
        ...vendor().factoryLogins,
        { user: "a", password: "b", source: "s", checked: "2026-11-01" },
      ],
    });
    expect(judged([login()], { vendor: two })).toEqual(["unknown not-all-tried"]);
    expect(judged([login(), login({ login: "acme#/factoryLogins/1" })], { vendor: two })).toEqual(["pass"]);
    expect(judged([login()], { vendor: null })).toEqual(["unknown not-all-tried"]);
  });

  it("asks of a door only the logins that its maker documents for it", () => {
    const [first] = vendor().factoryLogins;
    const file = vendor({
      factoryLogins: [
        { ...first!, doors: ["http"] },
        { ...first!, doors: ["rtsp"] },
      ],
    });
    expect(judged([login({ door: { protocol: "https", port: 443 } })], { vendor: file })).toEqual(["pass"]);
  });

  it.each([
    ["budget", "notchecked budget"],
    ["no-consent", "notchecked no-consent"],
    ["not-this-manager", "notchecked not-this-manager"],
    ["lock-out", "notchecked lock-out"],
    ["unknown-vendor", "unknown unknown-vendor"],
    ["no-door", "unknown no-door"],
    ["timeout", "unknown timeout"],
    ["no-factory-login", "notapplicable no-factory-login"],
  ] as const)("says why nothing was tried: %s", (because, expected) => {
    expect(brief(check.run(input(withLogins([], because))))).toEqual([expected]);
    if (because !== "no-factory-login")
      expect(judged([login(), login({ door: onvifDoor, result: "not-tried", because })])).toEqual([expected]);
  });

  it("stops at a lock-out, and a broken try settles nothing", () => {
    expect(judged([login({ result: "locked", because: "lock-out" })])).toEqual(["notchecked lock-out"]);
    expect(judged([login({ result: "failed", because: "reset" })])).toEqual(["unknown reset"]);
  });

  it("skips a door without a login, but not one that asks by a form of its own", () => {
    const none = login({
      door: { protocol: "http", port: 80 },
      result: "not-tried",
      because: "no-login-asked",
    });
    const rtsp = login({ door: { protocol: "rtsp", port: 554 } });
    expect(judged([none, rtsp])).toEqual(["unknown unsupported"]);
    const open = answered<"web">({ doors: [webDoor({ asksPassword: false, schemes: [], status: 200 })] });
    const evidence = { ...withLogins([none, rtsp]).evidence, web: open };
    expect(brief(check.run(input({ evidence })))).toEqual(["pass"]);
    const only = { ...withLogins([none]).evidence, web: open };
    expect(brief(check.run(input({ evidence: only })))).toEqual(["unknown no-login-asked"]);
  });

  it("knows not asked from failed and from not meant", () => {
    const having = (logins: ReturnType<typeof notAsked> | ReturnType<typeof failed>) =>
      brief(check.run(input({ evidence: { ...guarded, logins } })));
    expect(having(notAsked("no-consent"))).toEqual(["notchecked no-consent"]);
    expect(having(notAsked("not-applicable"))).toEqual(["unknown no-door"]);
    expect(having(failed("tls"))).toEqual(["unknown tls"]);
    expect(judged([accepted], { device: device({ kind: "router" }) })).toEqual(["notapplicable other-kind"]);
  });
});
