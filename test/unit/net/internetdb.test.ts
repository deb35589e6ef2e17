import { once } from "node:events";
import { createServer } from "node:https";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { askInternetDb, parseInternetDb } from "../../../agent/net/outside/internetdb.ts";
import { selfSigned } from "../../fakes/certificate.ts";
import { anyText } from "./any-text.ts";

const ADDRESS = "128.66.0.2";
/** Made up, of the documented shape. */
const DOCUMENT = {
  ip: ADDRESS,
  ports: [8081, 80, 80],
  hostnames: ["host.example"],
  cpes: ["cpe:/a:example:httpd"],
  tags: ["iot", "self-signed"],
  vulns: ["CVE-2017-7921", "not one"],
};
const never = new AbortController().signal;

describe("the document of InternetDB", () => {
  it("is read as far as it is of use", () => {
    expect(parseInternetDb(JSON.stringify(DOCUMENT), ADDRESS)).toEqual({
      ok: true,
      value: {
        address: ADDRESS,
        ports: [80, 8081],
        tags: ["iot", "self-signed"],
        vulnerabilities: ["CVE-2017-7921"],
      },
    });
  });

  it("is refused about another address, or of another shape", () => {
    for (const wrong of [
      { ip: "128.66.0.3" },
      { ports: undefined },
      { ports: ["80"] },
      { ports: [0] },
      { ports: [65_536] },
      { ports: Array.from({ length: 1_025 }, () => 80) },
      { hostnames: null },
      { cpes: [1] },
      { tags: "iot" },
      { vulns: {} },
    ])
      expect(parseInternetDb(JSON.stringify({ ...DOCUMENT, ...wrong }), ADDRESS)).toEqual({
        ok: false,
        reason: "malformed",
      });
    fc.assert(fc.property(anyText, (text) => !parseInternetDb(text, ADDRESS).ok));
    fc.assert(fc.property(fc.jsonValue(), (value) => !parseInternetDb(JSON.stringify(value), ADDRESS).ok));
  });

  it("gives only words that can be shown", () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 300 }), (texts) => {
        const answer = parseInternetDb(JSON.stringify({ ...DOCUMENT, tags: texts, vulns: texts }), ADDRESS);
        if (!answer.ok) throw new Error(answer.reason);
        const { tags, vulnerabilities } = answer.value;
        expect(tags.length).toBeLessThanOrEqual(256);
        expect(tags.every((tag) => tag.length <= 40 && !/[\p{Cc}\u202e]/u.test(tag))).toBe(true);
        expect(vulnerabilities.every((id) => id.startsWith("CVE-"))).toBe(true);
      }),
    );
  });
});

describe("asking InternetDB", () => {
  /** Stands in for the service: sources of 200, 404 and 429 in agent/net/internetdb.ts. */
  async function place(answer: (path: string) => { status: number; body: string }) {
    const { key, cert } = selfSigned("CN=localhost");
    const asked: string[] = [];
    const server = createServer({ key, cert }, (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const { status, body } = answer(request.url ?? "");
      response.writeHead(status, { "Content-Type": "application/json" }).end(body);
    });
    server.on("tlsClientError", () => undefined);
    server.listen(0);
    await once(server, "listening");
    onTestFinished(() => void server.close());
    return { host: "localhost", port: (server.address() as { port: number }).port, ca: cert, asked };
  }

  it("asks for the one address, and takes what is known, nothing, or a refusal", async () => {
    const known = await place(() => ({ status: 200, body: JSON.stringify(DOCUMENT) }));
    expect(await askInternetDb(ADDRESS, never, known)).toMatchObject({
      ok: true,
      value: { ports: [80, 8081] },
    });
    expect(known.asked).toEqual([`GET /${ADDRESS}`]);
    const unknown = await place(() => ({ status: 404, body: '{"detail":"No information available"}' }));
    expect(await askInternetDb(ADDRESS, never, unknown)).toEqual({
      ok: true,
      value: { address: ADDRESS, ports: [], tags: [], vulnerabilities: [] },
    });
    const busy = await place(() => ({ status: 429, body: '{"error":"Rate limit exceeded."}' }));
    expect(await askInternetDb(ADDRESS, never, busy)).toEqual({
      ok: false,
      reason: "unsupported",
      detail: "status 429",
    });
    const endless = await place(() => ({ status: 200, body: " ".repeat(70_000) }));
    expect(await askInternetDb(ADDRESS, never, endless)).toMatchObject({ reason: "too-large" });
  });

  it("talks only to whom the certificate names, and only about IPv4", async () => {
    const { ca: _, ...untrusted } = await place(() => ({ status: 200, body: JSON.stringify(DOCUMENT) }));
    expect((await askInternetDb(ADDRESS, never, untrusted)).ok).toBe(false);
    const other = await place(() => ({ status: 200, body: JSON.stringify(DOCUMENT) }));
    expect((await askInternetDb(ADDRESS, never, { ...other, host: "127.0.0.1" })).ok).toBe(false);
    expect([...untrusted.asked, ...other.asked]).toEqual([]);
    expect(await askInternetDb("3fff::1", never, other)).toMatchObject({ reason: "unsupported" });
    expect(await askInternetDb(ADDRESS, AbortSignal.abort(), other)).toMatchObject({ reason: "cancelled" });
  });
});
