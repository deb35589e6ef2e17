import { execFileSync } from "node:child_process";
import { findProgram, TOOL_PATH } from "./available.ts";

/** The servers that are real where Debian's package is installed. */
export const PART_NAMES = ["miniupnpd", "avahi", "gstreamer", "ustreamer", "motion"] as const;
export type PartName = (typeof PART_NAMES)[number];

export interface Part {
  readonly part: PartName;
  /** What it does on the LAN. */
  readonly role: string;
  /** False = a stand-in written for the tests plays it. */
  readonly real: boolean;
  /** The command that makes it real; null when it is. */
  readonly mend: string | null;
}

interface Recipe {
  readonly role: string;
  readonly packages: string;
  present(): boolean;
}

/** Debian's own interpreter, because python3-gi is installed for no other. */
export const PYTHON = "/usr/bin/python3";
const GST_IMPORT = `import gi
gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer
Gst.init(None)
assert Gst.ElementFactory.find("videotestsrc") and Gst.ElementFactory.find("rtpjpegpay")`;

const RECIPES: Readonly<Record<PartName, Recipe>> = {
  miniupnpd: {
    role: "the router's port mappings (IGD)",
    packages: "miniupnpd-nftables",
    present: () => findProgram("miniupnpd") !== null && prints("miniupnpd", ["--version"], /nftables/),
  },
  avahi: {
    role: "announcements (mDNS)",
    packages: "avahi-daemon",
    present: () => findProgram("avahi-daemon") !== null,
  },
  gstreamer: {
    role: "cameras' RTSP",
    packages:
      "python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly",
    present: () => prints(PYTHON, ["-c", `${GST_IMPORT}\nprint("present")`], /present/),
  },
  ustreamer: {
    role: "camera with an open view",
    packages: "ustreamer",
    present: () => findProgram("ustreamer") !== null,
  },
  motion: {
    role: "camera with an open view",
    packages: "motion",
    present: () => findProgram("motion") !== null,
  },
};

function prints(program: string, args: readonly string[], wanted: RegExp): boolean {
  try {
    const env = { ...process.env, PATH: TOOL_PATH };
    return wanted.test(
      execFileSync(program, args, { env, encoding: "utf8", stdio: "pipe", timeout: 20_000 }),
    );
  } catch {
    return false;
  }
}

/** Which parts are real here. `standIns` are played by stand-ins even where the package is there. */
export function findParts(standIns: readonly PartName[] = []): readonly Part[] {
  return PART_NAMES.map((part) => {
    const { role, packages, present } = RECIPES[part];
    const real = !standIns.includes(part) && present();
    return { part, role, real, mend: real ? null : `sudo apt-get install ${packages}` };
  });
}
