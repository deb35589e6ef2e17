import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { SMALL_CAST } from "./cast-small.ts";
import { type Lan, startLan } from "./lan.ts";
import { leftOf, type Traces, tracesOf } from "./traces.ts";

const PAGE = `require("node:http").createServer((request, response) => response.end(request.headers.host))
  .listen(8080, "192.168.77.2", () => console.log("up"))`;

/** Runs a shell line on the gateway and gives what it printed. */
async function onGateway(lan: Lan, script: string): Promise<string> {
  const { stdout } = await lan.agent.run(["bash", "-c", script]).done;
  return stdout;
}

describe("the virtual LAN", () => {
  let lan: Lan;
  beforeAll(async () => {
    lan = await startLan({ cast: SMALL_CAST });
  });
  afterAll(() => lan?.stop());

  it("gives each device its own address and MAC address", async () => {
    await onGateway(
      lan,
      "for host in 51 52 53; do (: < /dev/tcp/192.168.77.$host/5000) & done; sleep 0.3; kill %3",
    );
    const neighbours = await onGateway(lan, "cat /proc/net/arp");
    for (const { address, mac } of SMALL_CAST) {
      expect(neighbours.toUpperCase()).toMatch(new RegExp(`${address} .*${mac}`));
    }
  });

  it("speaks IPv6, by unique local and by link-local address", async () => {
    const ask = `process.exitCode = 0; const get = (host) => fetch("http://" + host).then((r) => r.status, String);
      get("[fd77::51]/").then(console.log)`;
    const { stdout } = await lan.agent.run([process.execPath, "-e", ask]).done;
    expect(stdout.trim()).toBe("200");
    expect(await onGateway(lan, "ip -6 neighbour show")).toContain("fd77::51");
  });

  it("lets the outside host reach exactly what is mapped", async () => {
    const ports = [22, 80, 443, 554, 2189, 5000, 5001, 8080, 8081, 8082];
    expect(await lan.outside.reachable(ports)).toEqual([5001, 8081]);
    expect((await lan.outside.connect(8081, "/")).answer).toBe("HTTP/1.1 200 OK");
  });

  it("counts every packet that leaves the LAN, and none that stays", async () => {
    await onGateway(lan, ": < /dev/tcp/192.168.77.51/80; echo > /dev/udp/239.255.255.250/1900; :");
    expect(await lan.offLanPackets()).toBe(0);
    await onGateway(
      lan,
      ": < /dev/tcp/128.66.0.9/80; echo > /dev/udp/203.0.113.5/9; echo > /dev/udp/2001:db8:66::9/9",
    );
    expect(await lan.offLanPackets()).toBeGreaterThanOrEqual(3);
    expect([...(await lan.agent.offLanAddresses())].sort()).toEqual([
      "128.66.0.9",
      "2001:db8:66::9",
      "203.0.113.5",
    ]);
  });

  it("brings a page from inside to the host", async () => {
    const port = await lan.forward(8080);
    const server = lan.agent.run([process.execPath, "-e", PAGE]);
    await once(server.child.stdout!, "data");
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect(await answer.text()).toBe(`127.0.0.1:${port}`);
    server.kill("SIGTERM");
    await server.done;
  });

  it("runs the agent without any capability", async () => {
    expect(await onGateway(lan, "grep CapEff /proc/self/status")).toMatch(/CapEff:\s0+\s/);
    expect((await lan.agent.run(["ip", "link", "set", "eth0", "down"]).done).code).not.toBe(0);
  });

  it("unplugs a device, and moves it to another address", async () => {
    const nas = lan.host("nas");
    await nas.moveTo("192.168.77.60");
    const status = (host: string) =>
      onGateway(
        lan,
        `exec 3<>/dev/tcp/${host}/5000 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3`,
      );
    expect(await status("192.168.77.60")).toContain("200 OK");
    await nas.stop();
    expect(nas.controllable).toBe(false);
    await nas.start();
    expect(await status("192.168.77.60")).toContain("200 OK");
    expect((await nas.state()).connections.total).toBe(1);
  });

  it("says what it is made of", () => {
    expect(lan.parts.map(({ part }) => part)).toEqual([
      "miniupnpd",
      "avahi",
      "gstreamer",
      "ustreamer",
      "motion",
    ]);
    for (const { real, mend } of lan.parts) expect(mend === null).toBe(real);
    expect(lan.truth.mappings).toHaveLength(2);
    expect(lan.truth.openViews).toEqual([
      { device: "camera", door: "http:80" },
      { device: "camera", door: "rtsp:554" },
    ]);
  });
});

describe("the end of the virtual LAN", () => {
  it("leaves nothing, with a second LAN untouched", async () => {
    const [one, other] = await Promise.all([
      startLan({ cast: SMALL_CAST }),
      startLan({ cast: SMALL_CAST, standIns: ["miniupnpd", "avahi", "gstreamer"] }),
    ]);
    const traces = tracesOf(one.world);
    const traceOfOther = tracesOf(other.world);
    expect(traces.processes).toBeGreaterThan(SMALL_CAST.length);
    await one.stop();
    expect(leftOf(traces)).toEqual([]);
    expect(await other.outside.reachable([5001, 8081])).toEqual([5001, 8081]);
    await other.stop();
    expect(leftOf(traceOfOther)).toEqual([]);
  });

  it("comes with the violent end of whoever started it", async () => {
    const script = fileURLToPath(new URL("./hold.ts", import.meta.url));
    const holder = spawn(process.execPath, ["--import", "tsx", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(holder.stdout, "data");
    const traces = JSON.parse(String(line)) as Traces;
    expect(leftOf(traces).length).toBeGreaterThan(SMALL_CAST.length);
    holder.kill("SIGKILL");
    await vi.waitUntil(() => leftOf(traces).length === 0, { timeout: 10_000, interval: 50 });
  });

  it("comes with a failure to start", async () => {
    const broken = [{ ...SMALL_CAST[0]!, real: [], trap: "no-such-trap" }].map(
      ({ fixture: _, ...rest }) => rest,
    );
    await expect(startLan({ cast: broken })).rejects.toThrow(/no-such-trap/);
  });
});
