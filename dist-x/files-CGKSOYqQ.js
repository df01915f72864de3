import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
// engine/errors.ts
/** A failure that the user can act on. `exitCode` 2: the pipeline or the command line is wrong; 1: a node failed. */
var KithError = class extends Error {
	headline;
	detail;
	name = "KithError";
	constructor(headline, detail = {}) {
		super([
			headline,
			...detail.facts ?? [],
			...detail.hint ? [detail.hint] : []
		].join("\n"));
		this.headline = headline;
		this.detail = detail;
	}
};
/** Recognises a KithError of any copy of this module (a compiled pipeline carries its own). */
function isKithError(error) {
	return error instanceof Error && error.name === "KithError" && "headline" in error && "detail" in error;
}
// engine/files.ts
/** The absolute path of a declared one. */
function declaredPath(declared, root) {
	return declared.startsWith("kith:") ? join(packageFolder(), declared.slice(5)) : resolve(root, declared);
}
/** The folder of this package: the nearest one above this module with a package.json. */
function packageFolder() {
	return nearestPackage(dirname(fileURLToPath(import.meta.url)));
}
/** The nearest folder at or above `folder` that holds a package.json. */
function nearestPackage(folder) {
	for (let at = folder;; at = dirname(at)) {
		if (existsSync(join(at, "package.json"))) return at;
		if (dirname(at) === at) return void 0;
	}
}
/** Declared path → digest of its content now. Throws a KithError (exit code 2) where a file is missing or cannot be read. */
function digestFiles(node, root, digest) {
	const declared = node.definition.files?.(node.params) ?? [];
	return Object.fromEntries(declared.map((path) => [path, digestOne(node, path, declaredPath(path, root), digest)]));
}
function digestOne(node, declared, path, digest) {
	try {
		statSync(path);
		return digest(path);
	} catch (error) {
		const { code, message } = error;
		throw new KithError(`The node "${node.name}" reads ${declared}, which ${code === "ENOENT" ? "is not there" : "cannot be read"}.`, {
			facts: [`Looked at ${path}.`, ...code === "ENOENT" ? [] : [message]],
			hint: "Paths are relative to the folder of the nearest package.json above the pipeline file.",
			exitCode: 2
		});
	}
}
export { isKithError as a, KithError as i, nearestPackage as n, packageFolder as r, digestFiles as t };
