import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FactoryLogin, Fixture, VendorFile } from "../../agent/model/index.ts";
import { escapeXml } from "../fakes/soap.ts";
import { type PartName, PYTHON } from "./parts.ts";
import { Service } from "./service.ts";
import type { Station } from "./topology.ts";
import type { World } from "./world.ts";

export type RealServer = Exclude<PartName, "miniupnpd">;

const RTSP_CAMERA = fileURLToPath(new URL("./real/rtsp-camera.py", import.meta.url));
export const VENDORS = fileURLToPath(new URL("../../agent/vendors/", import.meta.url));

/** Starts a real server that does what its part of the fixture says. */
export function startReal(
  server: RealServer,
  world: World,
  station: Station,
  fixture: Fixture,
): Promise<Service> {
  return START[server](world, station, fixture);
}

/** The fixture without what `server` does for it. */
export function withoutReal(server: RealServer, fixture: Fixture): Fixture {
  if (server === "gstreamer") return { ...fixture, rtsp: [] };
  if (server !== "avahi") return { ...fixture, http: [] };
  const { mdns: _played, ...announces } = fixture.announces;
  return { ...fixture, announces };
}

const START: Readonly<
  Record<RealServer, (world: World, station: Station, fixture: Fixture) => Promise<Service>>
> = {
  avahi: startAvahi,
  gstreamer: startGstreamer,
  ustreamer: (world, { name }, fixture) => {
    const port = viewPort(fixture);
    const argv = ["ustreamer", "--device", "/dev/null", "--host", "::", "--port", String(port)];
    return Service.start(world, name, argv, { tcp: port });
  },
  motion: startMotion,
};

/** The port with the picture or stream. */
function viewPort({ http }: Fixture): number {
  const door = http.find(({ routes }) => routes.some(({ body }) => typeof body === "object"));
  if (door === undefined) throw new Error("the fixture shows no picture to play");
  return door.port;
}

async function startAvahi(world: World, { name }: Station, fixture: Fixture): Promise<Service> {
  const { mdns } = fixture.announces;
  if (mdns === undefined) throw new Error(`${name} announces nothing`);
  const folder = `/run/lan/avahi-${name}`;
  const host = mdns.host.replace(/\.local\.?$/, "");
  world.write(
    `${folder}/avahi-daemon.conf`,
    `[server]\nhost-name=${host}\nallow-interfaces=eth0\nenable-dbus=no\nuse-ipv4=yes\nuse-ipv6=yes\n[publish]\npublish-hinfo=no\npublish-workstation=no\n[reflector]\n[rlimits]\n`,
  );
  mdns.services.forEach((service, index) => {
    world.write(`${folder}/services/${index}.service`, serviceFile(service));
  });
  world.write(`${folder}/passwd`, "root:x:0:0::/:/bin/sh\navahi:x:0:0::/:/bin/sh\n");
  world.write(`${folder}/group`, "root:x:0:\navahi:x:0:\n");
  // A private mount namespace: the folders of configuration and pid are fixed when avahi is built, and it gives the
  // latter to the user `avahi`, who has to be our one user here.
  const script = `mkdir -p /run/avahi-daemon && mount -t tmpfs tmpfs /run/avahi-daemon &&
    mount --bind ${folder}/passwd /etc/passwd && mount --bind ${folder}/group /etc/group &&
    mount --bind ${folder} /etc/avahi && exec avahi-daemon --no-drop-root --no-chroot --no-rlimits 2>&1`;
  return await Service.start(world, name, ["unshare", "--mount", "sh", "-c", script], {
    line: /successfully established/,
  });
}

type MdnsService = NonNullable<Fixture["announces"]["mdns"]>["services"][number];

function serviceFile({ type, instance, port, txt }: MdnsService): string {
  const records = Object.entries(txt).map(
    ([key, value]) => `<txt-record>${escapeXml(`${key}=${value}`)}</txt-record>`,
  );
  const plainType = type.replace(/\.local\.?$/, "");
  return `<?xml version="1.0" standalone='no'?><!DOCTYPE service-group SYSTEM "avahi-service.dtd">
<service-group><name>${escapeXml(instance)}</name><service><type>${plainType}</type><port>${port}</port>${records.join("")}</service></service-group>`;
}

async function startGstreamer(world: World, { name }: Station, fixture: Fixture): Promise<Service> {
  const [rtsp] = fixture.rtsp;
  const path = rtsp?.paths[0]?.path;
  if (rtsp === undefined || path === undefined) throw new Error(`${name} has no RTSP to play`);
  const scheme = fixture.logins.rtsp === "none" ? undefined : rtsp.authentication?.schemes[0];
  const method = scheme === undefined ? "open" : scheme === "basic" ? "basic" : "digest";
  const login = method === "open" ? [] : loginStrings(world, fixture);
  const mount = path.split("?")[0] ?? path;
  const argv = [PYTHON, RTSP_CAMERA, "::", String(rtsp.port), mount, method, ...login];
  return await Service.start(world, name, argv, { tcp: rtsp.port });
}

function loginStrings(world: World, fixture: Fixture): readonly [string, string] {
  const wanted = fixture.logins.rtsp;
  if (typeof wanted !== "number") return ["keeper", "not-the-factory-one"];
  const login = factoryLogins(world, fixture)[wanted];
  if (login === undefined) throw new Error(`no factory login ${wanted} for ${fixture.expected.vendor}`);
  return [login.user, login.password];
}

/** As the world sees the folder: a test may have put other vendor files there. */
function factoryLogins(world: World, fixture: Fixture): readonly FactoryLogin[] {
  const file = readFileSync(world.path(`${VENDORS}${fixture.expected.vendor}.json`), "utf8");
  return (JSON.parse(file) as VendorFile).factoryLogins;
}

async function startMotion(world: World, { name }: Station, fixture: Fixture): Promise<Service> {
  const folder = `/run/lan/motion-${name}`;
  const port = viewPort(fixture);
  const control = fixture.http.find((door) => door.port !== port)?.port ?? 0;
  const conf = {
    daemon: "off",
    setup_mode: "off",
    log_level: 4,
    videodevice: "/dev/null",
    stream_port: port,
    stream_localhost: "off",
    webcontrol_port: control,
    webcontrol_localhost: "off",
    picture_output: "off",
    movie_output: "off",
    target_dir: folder,
  };
  const lines = Object.entries(conf).map(([key, value]) => `${key} ${value}`);
  world.write(`${folder}/motion.conf`, `${lines.join("\n")}\n`);
  const argv = ["motion", "-n", "-c", `${folder}/motion.conf`];
  return await Service.start(world, name, argv, { tcp: port }, { cwd: folder });
}
