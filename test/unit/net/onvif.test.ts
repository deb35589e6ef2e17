import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { getDeviceInformation, getProfiles, getSystemDateAndTime, MEDIA } from "../../../agent/net/onvif.ts";
import { type Given, type Loopback, localLine, loopback } from "./loopback.ts";

let server: Loopback | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function service(given: Given) {
  await server?.close();
  server = await loopback(() => given);
  return { port: server.port, tls: false, path: "/onvif/device_service", patience: () => 20_000 };
}

const envelope = (content: string) =>
  `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${content}</s:Body></s:Envelope>`;
const fault = (subcode: string, reason: string) =>
  envelope(
    `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text>${reason}</s:Text></s:Reason></s:Fault>`,
  );

async function information(given: Given) {
  return getDeviceInformation(localLine(), await service(given));
}

describe("an answer", () => {
  test("keeps its strings", async () => {
    const reply = await information({
      body: envelope(
        "<d:GetDeviceInformationResponse><Manufacturer>Maker</Manufacturer><Model>0012</Model><FirmwareVersion>5.40</FirmwareVersion><SerialNumber>1e5</SerialNumber></d:GetDeviceInformationResponse>",
      ),
    });
    expect(reply).toMatchObject({
      outcome: "answered",
      value: { manufacturer: "Maker", model: "0012", firmware: "5.40", serial: "1e5" },
    });
  });

  test("without a child is an answer", async () => {
    expect(await information({ body: envelope("<GetDeviceInformationResponse/>") })).toMatchObject({
      outcome: "answered",
      value: { manufacturer: "", model: "" },
    });
  });

  test("names the profiles", async () => {
    const at = await service({
      body: envelope(
        '<GetProfilesResponse><Profiles token="000"/><Profiles token="1"><Name>x</Name></Profiles><Profiles/></GetProfilesResponse>',
      ),
    });
    expect(await getProfiles(localLine(), at, MEDIA)).toMatchObject({
      outcome: "answered",
      value: ["000", "1"],
    });
  });
});

describe("a refusal", () => {
  const digest = { "WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"' };
  test.each([
    ["401 with a challenge", { status: 401, headers: digest }, "http-digest"],
    ["401 without one", { status: 401 }, "usernametoken"],
    [
      "401 with Basic alone",
      { status: 401, headers: { "WWW-Authenticate": 'Basic realm="r"' } },
      "usernametoken",
    ],
    ["403", { status: 403, body: "<html></html>" }, "usernametoken"],
    [
      "NotAuthorized with 400",
      { status: 400, body: fault("ter:NotAuthorized", "Sender not Authorized") },
      "usernametoken",
    ],
    ["NotAuthorized with 500", { status: 500, body: fault("ter:NotAuthorized", "") }, "usernametoken"],
    ["NotAuthorized with 200", { status: 200, body: fault("ter:NotAuthorized", "") }, "usernametoken"],
    ["FailedAuthentication", { status: 400, body: fault("wsse:FailedAuthentication", "") }, "usernametoken"],
    ["words alone", { status: 400, body: fault("ter:Other", "Authority failure") }, "usernametoken"],
  ] as const)("by %s", async (_name, given, by) => {
    expect(await information(given)).toMatchObject({ outcome: "refused", by });
  });
});

test("another fault is a fault", async () => {
  expect(
    await information({ status: 500, body: fault("ter:ActionNotSupported", "Not implemented") }),
  ).toMatchObject({
    outcome: "fault",
  });
});

test.each([
  ["a page", { body: "<html><body>GetDeviceInformationResponse</body></html>" }],
  ["another answer", { body: envelope("<GetProfilesResponse/>") }],
  ["an endless one", { body: envelope(`<GetDeviceInformationResponse>${"x".repeat(70_000)}`) }],
  ["not found", { status: 404, body: "" }],
])("%s is a failure", async (_name, given) => {
  expect(await information(given)).toMatchObject({ outcome: "failed", reason: "malformed" });
});

describe("the clock", () => {
  const clock = async (content: string, headers: Record<string, string> = {}) => {
    const at = await service({
      headers,
      body: envelope(
        `<GetSystemDateAndTimeResponse><SystemDateAndTime>${content}</SystemDateAndTime></GetSystemDateAndTimeResponse>`,
      ),
    });
    const reply = await getSystemDateAndTime(localLine(), at);
    return reply.outcome === "answered" ? reply.value?.toISOString() : reply.outcome;
  };
  const utc = (year: string, month: string) =>
    `<UTCDateTime><Time><Hour>7</Hour><Minute>5</Minute><Second>0</Second></Time><Date><Year>${year}</Year><Month>${month}</Month><Day>1</Day></Date></UTCDateTime>`;
  const date = { Date: "Tue, 03 Jun 2025 10:11:12 GMT" };

  test("in UTC", async () => {
    expect(await clock(utc("2026", "11"), date)).toBe("2026-11-01T07:05:00.000Z");
    expect(await clock(utc("1970", "1"), date)).toBe("1970-01-01T07:05:00.000Z");
  });

  test("from the HTTP field when there is no UTC time, or none to believe", async () => {
    expect(await clock("", date)).toBe("2025-06-03T10:11:12.000Z");
    expect(await clock(utc("9999", "1"), date)).toBe("2025-06-03T10:11:12.000Z");
    expect(await clock(utc("-1", "x"), date)).toBe("2025-06-03T10:11:12.000Z");
  });

  test("unknown when nothing tells", async () => {
    expect(await clock("<UTCDateTime/>", { Date: "yesterday" })).toBeUndefined();
  });
});

test("property: no body of an answer is an exception", async () => {
  let body = "";
  server = await loopback(() => ({ body }));
  const at = { port: server.port, tls: false, path: "/", patience: () => 20_000 };
  const piece = fc.constantFrom(
    "<s:Envelope>",
    "<s:Body>",
    "<Fault>",
    "<Code>",
    "<Value>",
    "x",
    "&amp;",
    "&#0;",
    "</s:Body>",
    "<a b='c'/>",
    "<![CDATA[",
    "]]>",
    "<?x?>",
    "<!DOCTYPE a>",
    "<GetDeviceInformationResponse>",
    "<Model>",
    "</Model>",
    "<__proto__>",
    "<constructor>",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
      body = pieces.join("");
      const reply = await getDeviceInformation(localLine(), at);
      expect(["answered", "refused", "fault", "failed"]).toContain(reply.outcome);
    }),
    { numRuns: 150 },
  );
}, 60_000);
