import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { element } from "../../../agent/net/markup.ts";
import { type SoapReply, type SoapVersion, soapCall } from "../../../agent/net/soap.ts";
import { elements, parseXml, textAt } from "../../../agent/net/xml.ts";
import { anyText } from "./any-text.ts";
import { type Given, type Loopback, localLine, loopback } from "./loopback.ts";

let server: Loopback | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function call(given: Given, version: SoapVersion = "1.2"): Promise<SoapReply> {
  await server?.close();
  server = await loopback(() => given);
  const answer = await soapCall(localLine(), {
    port: server.port,
    path: "/service",
    version,
    action: "urn:x#Do",
    body: element("Do", { xmlns: "urn:x" }, element("Value", {}, "<&>")),
    deadlineMs: 20_000,
  });
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
}

const FAULT_12 =
  '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>ter:NotAuthorized</e:Value><e:Subcode><e:Value>ter:Deeper</e:Value></e:Subcode></e:Subcode></e:Code><e:Reason><e:Text xml:lang="en">Sender not Authorized</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>';
const FAULT_11 =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>713</errorCode><errorDescription>SpecifiedArrayIndexInvalid</errorDescription></UPnPError></detail></s:Fault></s:Body></s:Envelope>';

describe("request", () => {
  test.each([
    ["1.1", "http://schemas.xmlsoap.org/soap/envelope/", 'text/xml; charset="utf-8"', '"urn:x#Do"'],
    [
      "1.2",
      "http://www.w3.org/2003/05/soap-envelope",
      'application/soap+xml; charset=utf-8; action="urn:x#Do"',
      undefined,
    ],
  ] as const)("of SOAP %s", async (version, namespace, mediaType, action) => {
    await call({}, version);
    const [asked] = server?.asked ?? [];
    expect(asked).toMatchObject({ method: "POST", path: "/service" });
    expect(asked?.headers["content-type"]).toBe(mediaType);
    expect(asked?.headers.soapaction).toBe(action);
    const parsed = parseXml(asked?.body ?? "");
    expect(asked?.body).toContain(`xmlns:s="${namespace}"`);
    expect(parsed.ok && textAt(parsed.value, ["Envelope", "Body", "Do", "Value"])).toBe("<&>");
  });
});

describe("answer", () => {
  test("content of the body", async () => {
    const reply = await call({
      body: "<x:Envelope><x:Header/><x:Body><y:Done><Value>5.40</Value></y:Done></x:Body></x:Envelope>",
    });
    expect(reply.fault).toBeNull();
    expect(reply.body && textAt(reply.body, ["Done", "Value"])).toBe("5.40");
  });

  test("faults of both versions", async () => {
    expect((await call({ status: 400, body: FAULT_12 })).fault).toEqual({
      codes: ["Sender", "NotAuthorized", "Deeper"],
      reason: "Sender not Authorized",
      upnpError: null,
    });
    expect((await call({ status: 500, body: FAULT_11 }, "1.1")).fault).toEqual({
      codes: ["Client"],
      reason: "UPnPError",
      upnpError: { code: 713, description: "SpecifiedArrayIndexInvalid" },
    });
  });

  test.each([
    ["a page", "<html><body>Envelope</body></html>"],
    ["nothing", ""],
    ["a document type", '<!DOCTYPE x [<!ENTITY a "b">]><Envelope><Body>&a;</Body></Envelope>'],
    ["more than is read", `<Envelope><Body><Done>${"x".repeat(70_000)}</Done></Body></Envelope>`],
    ["binary", "\u0000\u0001\u0002"],
  ])("is no SOAP when it is %s", async (_name, body) => {
    expect(await call({ status: 200, body })).toMatchObject({ status: 200, body: null, fault: null });
  });

  test("a challenge arrives with its status", async () => {
    const reply = await call({ status: 401, headers: { "WWW-Authenticate": 'Digest realm="r", nonce="n"' } });
    expect([reply.status, reply.challenges.map(({ scheme }) => scheme)]).toEqual([401, ["digest"]]);
  });
});

test("property: text and attributes come back as they went in", () => {
  // Blanks at the ends are trimmed by the parser, those of Unicode too.
  const legal = anyText
    .map((text) => text.replace(/[^!-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "").trim())
    .filter((text) => text !== "");
  fc.assert(
    fc.property(legal, legal, (text, value) => {
      const parsed = parseXml(element("a", { b: value }, element("c", {}, text)).markup);
      if (!parsed.ok) throw new Error(parsed.reason);
      const [a] = elements(parsed.value, "a");
      expect(a && textAt(a, ["c"], 10_000)).toBe(text);
      expect((a as Record<string, unknown>)["@b"]).toBe(value);
    }),
  );
});

test("property: whatever string a child is, it opens no element", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(element("a", {}, text).markup.slice(3, -4)).not.toMatch(/[<>\p{Cs}\ufffe\uffff]/u);
    }),
  );
});
