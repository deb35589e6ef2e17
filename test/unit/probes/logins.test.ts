import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type {
  Evidence,
  Fixture,
  FixtureHttp,
  FixtureLogin,
  LoginsFact,
  OnvifFact,
  VendorFile,
  WebDoorFact,
} from "../../../agent/model/index.ts";
import { loginsProbe } from "../../../agent/probes/logins.ts";
import type { FakeDevice } from "../../fakes/fake.ts";
import { FACTORY, SAMPLE, startSample } from "../fakes/sample.ts";
import { contextFor } from "../helpers/context.ts";
import { evidenceOf, MemoryBudget } from "./memory-budget.ts";

const SOURCE = { source: "test", checked: "2026-11-21" };
const LOGIN_PATH = { path: "/snap.jpg", ...SOURCE };
const FIRST = "maker#/factoryLogins/0";
const PLENTY = 20;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

function vendor(passwords: readonly string[], parts: Partial<VendorFile> = {}): Partial<VendorFile> {
  const factoryLogins = passwords.map((password) => ({ user: FACTORY.user, password, ...SOURCE }));
  return { factoryLogins, loginPath: LOGIN_PATH, ...parts };
}

function webDoor(port: number, parts: Partial<WebDoorFact> = {}): WebDoorFact {
  return {
    door: { protocol: "http", port },
    status: 200,
    server: null,
    title: null,
    realm: null,
    schemes: [],
    certificate: null,
    answersEverything: false,
    asksPassword: false,
    ...parts,
  };
}

function onvifFact(port: number, clockOffset: number | null): OnvifFact {
  return {
    door: { protocol: "onvif", port },
    path: "/onvif/device_service",
    clockOffset,
    services: [],
    mediaPath: null,
    anonymous: {
      GetDeviceInformation: "refused",
      GetProfiles: "refused",
      GetSnapshotUri: "refused",
      GetStreamUri: "refused",
    },
    authentication: "usernametoken",
    information: null,
    snapshot: null,
    stream: null,
    foreignHosts: [],
  };
}

/** What the questions before would have brought for the sample camera. */
function evidence(
  device: FakeDevice,
  doors: readonly ("http" | "rtsp" | "onvif")[],
  clockOffset: number | null = 0,
): Evidence {
  const port = (fixturePort: number) => device.ports.get(fixturePort) ?? fixturePort;
  return evidenceOf({
    ...(doors.includes("http") && { web: { doors: [webDoor(port(80))] } }),
    ...(doors.includes("onvif") && { onvif: [onvifFact(port(8000), clockOffset)] }),
    ...(doors.includes("rtsp") && {
      rtsp: {
        doors: [
          {
            door: { protocol: "rtsp", port: port(554) },
            server: null,
            realm: null,
            schemes: [],
            describes: [
              {
                path: "/live?channel=1",
                origin: "vendor",
                result: "protected",
                status: 401,
                media: [],
                because: null,
              },
            ],
          },
        ],
      },
    }),
  });
}

async function start(options: Parameters<typeof startSample>[0] = {}): Promise<FakeDevice> {
  const fixture = options.fixture ?? PLAIN;
  const device = await startSample({ ...options, fixture });
  closers.push(() => device.close());
  return device;
}

/** Without its TLS door, which would only cost time. */
const PLAIN: Fixture = { ...SAMPLE, http: SAMPLE.http.filter(({ tls }) => tls === undefined) };

function withHttp(schemes: NonNullable<FixtureHttp["authentication"]>["schemes"]): Fixture {
  return { ...PLAIN, http: PLAIN.http.map((door) => ({ ...door, authentication: { schemes, realm: "R" } })) };
}

async function ask(
  facts: Evidence,
  file: Partial<VendorFile> | null,
  budget = new MemoryBudget(PLENTY),
): Promise<LoginsFact> {
  const answer = await loginsProbe.ask({
    ...contextFor({ evidence: facts, ...(file && { vendor: file }) }),
    budget,
  });
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

describe("a factory login that works", () => {
  test.each(["basic", "digest-md5", "digest-sha-256"] as const)("over HTTP with %s", async (scheme) => {
    const device = await start({ fixture: withHttp([scheme]) });
    const budget = new MemoryBudget(PLENTY);
    const fact = await ask(evidence(device, ["http"]), vendor([FACTORY.password]), budget);
    expect(fact.doors).toEqual([
      {
        door: { protocol: "http", port: device.ports.get(80) },
        result: "accepted",
        login: FIRST,
        scheme,
        control: "rejected",
        because: null,
      },
    ]);
    expect(device.state()).toMatchObject({ wrong: 1 });
    const door = `http:${device.ports.get(80)}`;
    expect(budget.diary).toEqual([
      `reserve ${FIRST}/user ${door} ${FIRST}`,
      `refund ${FIRST}/user ${door} ${FIRST}`,
      `reserve ${FIRST}/user ${door} control`,
    ]);
  });

  test.each([["basic"], ["digest-md5"]] as const)("over RTSP with %s", async (scheme) => {
    const rtsp = PLAIN.rtsp.map((door) => ({ ...door, authentication: { schemes: [scheme], realm: "R" } }));
    const device = await start({ fixture: { ...PLAIN, rtsp } });
    const fact = await ask(evidence(device, ["rtsp"]), vendor([FACTORY.password]));
    expect(fact.doors).toMatchObject([{ result: "accepted", scheme, control: "rejected" }]);
    expect(device.state().attempts.map(({ right }) => right)).toEqual([true, false]);
  });

  test.each([0, 3600, -86_400])("over ONVIF with a clock %i s off", async (clockOffset) => {
    const onvif = PLAIN.onvif.map((door) => ({ ...door, clockOffset }));
    const device = await start({ fixture: { ...PLAIN, onvif } });
    const fact = await ask(evidence(device, ["onvif"], clockOffset), vendor([FACTORY.password]));
    expect(fact.doors).toMatchObject([
      { result: "accepted", scheme: "usernametoken", control: "rejected", login: FIRST },
    ]);
  });

  test("over ONVIF with HTTP Digest", async () => {
    const onvif = PLAIN.onvif.map((door) => ({ ...door, authentication: "http-digest" as const }));
    const device = await start({ fixture: { ...PLAIN, onvif } });
    const fact = await ask(evidence(device, ["onvif"]), vendor([FACTORY.password]));
    expect(fact.doors).toMatchObject([{ result: "accepted", scheme: "digest-sha-256", control: "rejected" }]);
  });

  test("says at each door apart what worked there", async () => {
    const device = await start({ fixture: { ...PLAIN, logins: { http: "changed", rtsp: 0, onvif: 0 } } });
    const fact = await ask(evidence(device, ["http", "onvif", "rtsp"]), vendor([FACTORY.password]));
    expect(fact.doors.map(({ door, result }) => [door.protocol, result])).toEqual([
      ["http", "rejected"],
      ["onvif", "accepted"],
      ["rtsp", "accepted"],
    ]);
  });

  test("stands without its control when the budget has no room for one", async () => {
    const device = await start();
    const fact = await ask(
      evidence(device, ["http"]),
      vendor(["wrong", FACTORY.password]),
      new MemoryBudget(2),
    );
    expect(fact.doors).toMatchObject([
      { result: "rejected", login: FIRST },
      { result: "accepted", control: "rejected" },
    ]);
    const tight = await ask(evidence(device, ["http"]), vendor([FACTORY.password]), new OneAttempt(1));
    expect(tight.doors).toMatchObject([{ result: "accepted", control: "not-tried", because: "budget" }]);
  });

  test("is no default password when a made-up one works as well", async () => {
    const device = await start({ fixture: { ...PLAIN, logins: { http: "any", rtsp: 0, onvif: 0 } } });
    const fact = await ask(evidence(device, ["http"]), vendor([FACTORY.password]));
    expect(fact.doors).toMatchObject([{ result: "open-view", control: "accepted" }]);
  });
});

/** Even an accepted login is not given back. */
class OneAttempt extends MemoryBudget {
  override async refund() {}
}

/** One that forgets a lock-out at once: the question must stop by itself. */
class Forgetful extends MemoryBudget {
  override async lockedOut(sign: string) {
    this.diary.push(`locked ${sign}`);
  }
}

describe("nothing is sent", () => {
  test("to an unknown maker, one without factory logins, or a device without doors", async () => {
    expect(await ask({}, null)).toEqual({ doors: [], because: "unknown-vendor" });
    expect(await ask({}, vendor([]))).toEqual({ doors: [], because: "no-factory-login" });
    expect(await ask(evidenceOf({}), vendor(["x"]))).toEqual({ doors: [], because: "no-door" });
  });

  test("to a door that lets anybody in", async () => {
    const device = await start({
      fixture: { ...PLAIN, logins: { http: "none", rtsp: "none", onvif: "none" } },
    });
    const fact = await ask(evidence(device, ["http", "onvif", "rtsp"]), vendor(["x", "y"]));
    expect(fact.because).toBe("no-login-asked");
    expect(fact.doors.map(({ login, because }) => [login, because])).toEqual([
      [null, "no-login-asked"],
      [null, "no-login-asked"],
      [null, "no-login-asked"],
    ]);
    expect(device.state().attempts).toEqual([]);
  });

  test("to a login form, which is not the same as no login", async () => {
    const device = await start();
    const port = device.ports.get(80) ?? 0;
    const facts = evidenceOf({ web: { doors: [webDoor(port, { asksPassword: true })] } });
    const fact = await ask(facts, vendor(["x"], { loginPath: { path: "/", ...SOURCE } }));
    expect(fact.doors).toMatchObject([{ result: "not-tried", because: "unsupported" }]);
  });

  test("where the login is known not to work", async () => {
    const device = await start();
    const file: Partial<VendorFile> = {
      factoryLogins: [{ user: "a", password: "b", doors: ["rtsp"], ...SOURCE }],
    };
    expect(await ask(evidence(device, ["http"]), file)).toEqual({ doors: [], because: "no-door" });
  });

  test("without the budget's word, and a refusal is asked once only", async () => {
    const device = await start();
    const fact = await ask(
      evidence(device, ["http", "onvif", "rtsp"]),
      vendor(["x", "y"]),
      new MemoryBudget(0),
    );
    expect(fact.doors).toHaveLength(6);
    expect(fact.doors.every(({ result, because }) => result === "not-tried" && because === "budget")).toBe(
      true,
    );
    expect(fact.because).toBe("budget");
    expect(device.state()).toMatchObject({ wrong: 0, connections: { total: 1 } });
  });
});

test("what waited longest comes first, then each login of the file at http, onvif and rtsp", async () => {
  const device = await start({
    fixture: { ...PLAIN, logins: { http: "changed", rtsp: "changed", onvif: "changed" } },
  });
  const facts = evidence(device, ["rtsp", "http", "onvif"]);
  const file = vendor(["x", "y"]);
  const [http, onvif, rtsp] = [
    `http:${device.ports.get(80)}`,
    `onvif:${device.ports.get(8000)}`,
    `rtsp:${device.ports.get(554)}`,
  ];
  const order = async (budget: MemoryBudget) => {
    const fact = await ask(facts, file, budget);
    return fact.doors.map(({ door, login }) => `${door.protocol} ${login?.at(-1)}`);
  };
  expect(await order(new MemoryBudget(PLENTY))).toEqual([
    "http 0",
    "onvif 0",
    "rtsp 0",
    "http 1",
    "onvif 1",
    "rtsp 1",
  ]);
  const later = new MemoryBudget(PLENTY);
  later.tried.set(`${http} ${FIRST}`, "2026-11-20T00:00:00Z");
  later.tried.set(`${http} maker#/factoryLogins/1`, "2026-11-19T00:00:00Z");
  later.tried.set(`${onvif} ${FIRST}`, "2026-11-18T00:00:00Z");
  later.tried.set(`${rtsp} ${FIRST}`, "2026-11-20T00:00:00Z");
  expect(await order(later)).toEqual(["onvif 1", "rtsp 1", "onvif 0", "http 1", "http 0", "rtsp 0"]);
});

describe("a sign of a lock-out ends everything", () => {
  test.each([1, 2])("when the camera locks at wrong login %i", async (lockAfter) => {
    const fixture: Fixture = { ...PLAIN, logins: { http: "changed", rtsp: "changed", onvif: "changed" } };
    const device = await start({ fixture, lockAfter });
    const budget = new Forgetful(PLENTY);
    const fact = await ask(evidence(device, ["http", "onvif", "rtsp"]), vendor(["x", "y"]), budget);
    const results = fact.doors.map(({ result }) => result);
    expect(results.indexOf("locked")).toBe(lockAfter - 1);
    expect(fact.doors[lockAfter - 1]).toMatchObject({ because: "lock-out", scheme: expect.any(String) });
    expect(new Set(fact.doors.slice(lockAfter).map(({ because }) => because))).toEqual(new Set(["lock-out"]));
    expect(budget.diary.at(-1)).toMatch(/^locked (http|onvif):\d+ /);
    expect(device.state().wrong).toBe(lockAfter);
  });

  /** Refuses anonymous requests with 401 and answers a login as told. */
  async function door(
    respond: (server: Server, count: number) => [number, Record<string, string>, string] | "reset",
  ) {
    let count = 0;
    const server: Server = createServer((request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { "WWW-Authenticate": 'Basic realm="r"' }).end();
        return;
      }
      count += 1;
      const answer = respond(server, count);
      if (answer === "reset") request.socket.destroy();
      else response.writeHead(answer[0], answer[1]).end(answer[2]);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    closers.push(() => new Promise((done) => server.close(done)));
    const { port } = server.address() as AddressInfo;
    return { facts: evidenceOf({ web: { doors: [webDoor(port, { status: 401 })] } }), count: () => count };
  }

  test.each([
    ["403", [403, {}, ""]],
    ["423", [423, {}, ""]],
    ["429", [429, {}, ""]],
    ["503", [503, {}, ""]],
    ["Retry-After", [401, { "Retry-After": "60" }, ""]],
    ["words", [401, {}, "<p>Your account has been locked.</p>"]],
    ["a status element", [401, {}, "<ResponseStatus><lockStatus>lock</lockStatus></ResponseStatus>"]],
    ["words after 200", [200, { "Content-Type": "text/html" }, "Too many failed attempts"]],
    ["a broken connection", "reset"],
  ] as const)("%s", async (_name, answer) => {
    const { facts, count } = await door(() =>
      answer === "reset" ? answer : [answer[0], { ...answer[1] }, answer[2]],
    );
    const budget = new Forgetful(PLENTY);
    const fact = await ask(facts, vendor(["x", "y", "z"]), budget);
    expect(fact.doors.map(({ result }) => result)).toEqual(["locked", "not-tried", "not-tried"]);
    expect(count()).toBe(1);
    expect(budget.diary.filter((line) => line.startsWith("locked"))).toHaveLength(1);
  });

  test.each([
    [
      "a plain refusal",
      [401, {}, "<lockStatus>unlock</lockStatus> Unauthorized: blocking of pop-ups, clock"],
    ],
    ["an odd answer", [500, {}, "oops"]],
  ] as const)("but %s does not", async (_name, [status, headers, body]) => {
    const { facts } = await door(() => [status, headers, body]);
    const budget = new MemoryBudget(PLENTY);
    const fact = await ask(facts, vendor(["x"]), budget);
    expect(fact.doors[0]?.result).toBe(status === 401 ? "rejected" : "failed");
    expect(budget.diary.filter((word) => word.startsWith("locked"))).toEqual([]);
  });
});

test("what the budget has no room for is answered from an earlier refusal, with its day", async () => {
  const device = await start({
    fixture: { ...PLAIN, logins: { http: "changed", rtsp: "changed", onvif: "changed" } },
  });
  const budget = new MemoryBudget(1);
  budget.refused.set(`rtsp:${device.ports.get(554)} ${FIRST}`, "2026-11-20T00:00:00Z");
  const fact = await ask(evidence(device, ["http", "onvif", "rtsp"]), vendor(["x"]), budget);
  expect(
    fact.doors.map(({ door, result, because, triedAt }) => [door.protocol, result, because, triedAt]),
  ).toEqual([
    ["http", "rejected", null, undefined],
    ["onvif", "not-tried", "budget", undefined],
    ["rtsp", "rejected", null, "2026-11-20T00:00:00Z"],
  ]);
  expect(device.state().wrong).toBe(1);
});

test("each request with a login has its own word of the budget, also after a stale nonce", async () => {
  let logins = 0;
  const server = createServer((request, response) => {
    const stale = request.headers.authorization !== undefined;
    if (stale) logins += 1;
    const challenge = `Digest realm="r", qop="auth", nonce="n${logins}"${stale ? ", stale=true" : ""}`;
    response.writeHead(401, { "WWW-Authenticate": challenge }).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closers.push(() => new Promise((done) => server.close(done)));
  const { port } = server.address() as AddressInfo;
  const facts = evidenceOf({ web: { doors: [webDoor(port, { status: 401 })] } });
  const budget = new MemoryBudget(PLENTY);
  const fact = await ask(facts, vendor(["x"]), budget);
  expect(fact.doors).toMatchObject([{ result: "failed", because: "unauthorized" }]);
  expect(logins).toBe(2);
  expect(budget.diary).toHaveLength(2);

  await ask(facts, vendor(["x"]), new MemoryBudget(1));
  expect(logins).toBe(3);
});

test("a right ONVIF login that was refused for want of a clock is not called refused", async () => {
  const onvif = PLAIN.onvif.map((door) => ({ ...door, clockOffset: 7200 }));
  const device = await start({ fixture: { ...PLAIN, onvif } });
  const fact = await ask(evidence(device, ["onvif"], null), vendor([FACTORY.password]));
  expect(fact.doors).toMatchObject([{ result: "failed", because: "unauthorized", scheme: "usernametoken" }]);
});

test("no user name and no password leaves the question, whatever the outcome", async () => {
  const user = "S3cretUser";
  const password = "S3cretPassword";
  const login = { user, password, ...SOURCE };
  for (const logins of [
    { http: 0, rtsp: 0, onvif: 0 },
    { http: "changed", rtsp: "changed", onvif: "changed" },
  ] as const) {
    const device = await start({ fixture: { ...PLAIN, logins }, factoryLogins: [{ user, password }] });
    const budget = new MemoryBudget(PLENTY);
    const fact = await ask(
      evidence(device, ["http", "onvif", "rtsp"]),
      { factoryLogins: [login], loginPath: LOGIN_PATH },
      budget,
    );
    expect(device.state().attempts.length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify([fact, budget.diary])).not.toMatch(/S3cret/);
  }
});

test("property: never more than two wrong logins, refunds only after acceptance, silence after a lock-out", async () => {
  const login = fc.constantFrom<FixtureLogin>("none", "changed", "any", 0, 1);
  const doors = fc.uniqueArray(fc.constantFrom("http", "rtsp", "onvif"), { minLength: 1 }) as fc.Arbitrary<
    ("http" | "rtsp" | "onvif")[]
  >;
  const setting = fc.record({
    logins: fc.record({ http: login, rtsp: login, onvif: login }),
    doors,
    places: fc.integer({ min: 0, max: 2 }),
    lockAfter: fc.integer({ min: 1, max: 3 }),
    wrongFirst: fc.integer({ min: 0, max: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(setting, async ({ logins, places, lockAfter, wrongFirst, doors }) => {
      const passwords = ["right-0", "right-1"];
      const device = await startSample({
        fixture: { ...PLAIN, logins },
        factoryLogins: passwords.map((password) => ({ user: FACTORY.user, password })),
        lockAfter,
      });
      try {
        const budget = new MemoryBudget(places);
        const tried = [...["no-0", "no-1"].slice(0, wrongFirst), ...passwords];
        await ask(evidence(device, doors), vendor(tried), budget);
        const { wrong, attempts } = device.state();
        const count = (word: string) => budget.diary.filter((line) => line.startsWith(word)).length;
        expect(wrong).toBeLessThanOrEqual(Math.min(2, places));
        expect(attempts.length).toBeLessThanOrEqual(count("reserve"));
        expect(count("refund")).toBe(attempts.filter(({ right }) => right).length);
        expect(count("locked")).toBe(device.state().locked ? 1 : 0);
        if (count("locked") > 0) expect(budget.diary.at(-1)).toMatch(/^locked/);
      } finally {
        await device.close();
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

test("one refused made-up password speaks for the device: its other doors cost no wrong login", async () => {
  const device = await start({ fixture: { ...PLAIN, logins: { http: 0, rtsp: 0, onvif: 0 } } });
  const file = vendor([FACTORY.password]);
  const fact = await ask(evidence(device, ["http", "onvif", "rtsp"]), file, new MemoryBudget(2));
  expect(fact.doors.map(({ door, result, control }) => [door.protocol, result, control])).toEqual([
    ["http", "accepted", "rejected"],
    ["onvif", "accepted", "not-tried"],
    ["rtsp", "accepted", "not-tried"],
  ]);
  expect(device.state().wrong).toBe(1);
});
