import type { Context } from "../context.ts";
import type { Routes } from "../routing.ts";

export function setupRoutes(_routes: Routes, _context: Context): void {}
