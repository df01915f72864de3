import { i as KithError, n as nearestPackage, r as packageFolder, t as digestFiles } from "./files-CGKSOYqQ.js";
import { createRequire } from "node:module";
import { closeSync, constants, existsSync, fstatSync, lstatSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createHash, hash, randomBytes, randomUUID } from "node:crypto";
import { mkdir, open, rename, rm, utimes } from "node:fs/promises";
import { EventEmitter } from "events";
import { Script } from "node:vm";
import { createRequire as createRequire$1 } from "module";
// \0rolldown/runtime.js
var __commonJSMin = (cb, mod) => () => (mod || (cb((mod = { exports: {} }).exports, mod, mod.exports), cb = null), mod.exports);
var __require = /* #__PURE__ */ (() => createRequire(import.meta.url))();
// cache/plain.ts
/**
* Folds plain data from its leaves up. Throws a TypeError that names the place (`params.rate is NaN`) for NaN, infinities, -0,
* undefined, functions, symbols, bigints, class instances, symbol fields and cycles.
*/
function fold(value, build) {
	const names = [];
	const holders = [];
	const path = () => pathText(names);
	function visit(at) {
		if (typeof at === "object" && at !== null) return build.special?.(at, path) ?? visitHolder(at);
		const refusal = whyNot(at);
		if (refusal) throw new TypeError(`${path()} is ${refusal}`);
		return build.leaf(at, path);
	}
	function visitHolder(holder) {
		if (holders.includes(holder)) throw new TypeError(`${path()} is cyclic: it contains itself`);
		const refusal = whyNotHolder(holder);
		if (refusal) throw new TypeError(`${path()} is ${refusal}`);
		holders.push(holder);
		const built = Array.isArray(holder) ? build.list(Array.from(holder, (item, index) => visitField(index, item))) : build.record(sortedNames(holder).map((name) => [name, visitField(name, holder[name])]), path);
		holders.pop();
		return built;
	}
	function visitField(name, field) {
		names.push(name);
		const built = visit(field);
		names.pop();
		return built;
	}
	return visit(value);
}
function sortedNames(holder) {
	return Object.keys(holder).sort();
}
function whyNot(leaf) {
	switch (typeof leaf) {
		case "number": return Object.is(leaf, -0) ? "-0" : Number.isFinite(leaf) ? void 0 : String(leaf);
		case "undefined": return "undefined";
		case "function":
		case "symbol":
		case "bigint": return `a ${typeof leaf}`;
		default: return;
	}
}
function whyNotHolder(holder) {
	const prototype = Object.getPrototypeOf(holder);
	if (!(Array.isArray(holder) ? prototype === Array.prototype : prototype === Object.prototype || prototype === null)) return `an instance of ${prototype?.constructor?.name || "a class"}`;
	return Object.getOwnPropertySymbols(holder).length > 0 ? "a record with a symbol for a field" : void 0;
}
function pathText(names) {
	if (names.length === 0) return "the value";
	return names.map((name) => {
		if (typeof name === "number") return `[${name}]`;
		return /^[\w$-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
	}).join("").replace(/^\./, "");
}
// cache/digest.ts
/** Bytes hashed at a time: large enough to be fast, small enough to stay in the processor's cache. Part of the meaning of `bytes`. */
const BLOCK = 262144;
/** What the system's calls take at once: they count bytes in 32 bits. */
const PIECE = 2 ** 30;
const SECOND_SEED = 2611923443488327891n;
/**
* JSON with sorted fields and no spaces: equal data gives equal text, whatever the order in which it was written.
* Throws a TypeError naming the leaf for anything that is not plain data (see `fold`).
*/
function canonical(value) {
	return encode$1(value, 0) ?? explain(value);
}
/** Deeper data may be a cycle, and is left to the careful walk. */
const DEEP = 100;
/** The quick way, for the thousands of keys of a plan; undefined where it meets anything odd. */
function encode$1(value, depth) {
	if (typeof value === "string") return JSON.stringify(value);
	if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? String(value) : void 0;
	if (value === null || typeof value === "boolean") return String(value);
	if (typeof value !== "object" || depth > DEEP) return void 0;
	const prototype = Object.getPrototypeOf(value);
	if (prototype === Array.prototype) return encodeList(value, depth);
	if (prototype === Object.prototype) return encodeRecord(value, depth);
}
function encodeList(list, depth) {
	let text = "[";
	for (let index = 0; index < list.length; index++) {
		const item = encode$1(list[index], depth + 1);
		if (item === void 0) return void 0;
		text += index === 0 ? item : `,${item}`;
	}
	return `${text}]`;
}
function encodeRecord(record, depth) {
	if (Object.getOwnPropertySymbols(record).length > 0) return void 0;
	let text = "{";
	for (const name of Object.keys(record).sort()) {
		const field = encode$1(record[name], depth + 1);
		if (field === void 0) return void 0;
		text += `${text === "{" ? "" : ","}${JSON.stringify(name)}:${field}`;
	}
	return `${text}}`;
}
/** The careful way: the same text, or an error that says where and why not. */
function explain(value) {
	return fold(value, {
		leaf: (leaf) => JSON.stringify(leaf),
		list: (items) => `[${items.join(",")}]`,
		record: (fields) => `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${field}`).join(",")}}`
	});
}
/** The name of some content in every store. */
function sha256$2(content) {
	if (content.length <= PIECE) return hash("sha256", content, "hex");
	const hash$1 = createHash("sha256");
	for (let at = 0; at < content.length; at += PIECE) hash$1.update(content.subarray(at, at + PIECE));
	return hash$1.digest("hex");
}
let loading;
/** The hasher; its WebAssembly is compiled once a process. */
function loadHasher() {
	return loading ??= import("./xxhash-wasm-Bryv9SWk.js").then(async ({ default: load }) => hasherOf(await load()));
}
function hasherOf(xxhash) {
	const key = (text) => xxhash.h64ToString(text, 0n) + xxhash.h64ToString(text, SECOND_SEED);
	const stream = () => blockwise((block) => xxhash.h64Raw(block, 0n), key);
	return {
		key,
		stream,
		bytes: (content) => stream().update(content).digest()
	};
}
function blockwise(hash, key) {
	const hashes = [];
	let length = 0;
	let rest = /* @__PURE__ */ new Uint8Array(0);
	const take = (block) => void hashes.push(hash(block).toString(16));
	const stream = {
		update(content) {
			length += content.length;
			let at = 0;
			if (rest.length > 0) {
				at = Math.min(BLOCK - rest.length, content.length);
				rest = Buffer.concat([rest, content.subarray(0, at)]);
				if (rest.length < 262144) return stream;
				take(rest);
			}
			for (; content.length - at >= BLOCK; at += BLOCK) take(content.subarray(at, at + BLOCK));
			rest = new Uint8Array(content.subarray(at));
			return stream;
		},
		digest: () => key([
			length,
			...hashes,
			...rest.length > 0 ? [hash(rest).toString(16)] : []
		].join(" "))
	};
	return stream;
}
// cache/process.ts
/** Whether some process has this number now. */
function isRunning(pid) {
	if (!Number.isSafeInteger(pid) || pid <= 0) return false;
	try {
		process.kill(pid, 0);
	} catch (error) {
		return error.code === "EPERM";
	}
	return statOf(pid)?.state !== "Z";
}
/** Fields 3 and 22 of `/proc/<pid>/stat`; the second field is a name that may hold spaces and brackets. */
function statOf(pid) {
	try {
		const text = readFileSync(`/proc/${pid}/stat`, "latin1");
		const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
		return {
			state: fields[0] ?? "",
			started: fields[19] ?? ""
		};
	} catch {
		return;
	}
}
// cache/atomic-file.ts
const AN_HOUR = 36e5;
/** The cache could not be written: `code` is the system's (`ENOSPC`, `EACCES`, `EROFS`, …), `path` the file that was to be. */
var CacheWriteError = class extends Error {
	code;
	path;
	name = "CacheWriteError";
	constructor(code, path, cause) {
		super(`cannot write ${path} (${code})`, { cause });
		this.code = code;
		this.path = path;
	}
};
/** Replaces a file; durable when the promise resolves. `temporaries` is a folder on the same file system. Rejects with a CacheWriteError. */
async function replaceFile(path, content, temporaries) {
	const temporary = join(temporaries, temporaryName());
	try {
		await makeFolder(temporaries);
		await makeFolder(dirname(path));
		await writeDurably(temporary, content);
		await rename(temporary, path);
		await syncFolder(dirname(path));
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => {});
		throw asWriteError(error, path);
	}
}
/** Replaces a file that is only a hint: atomic, but not worth waiting for the disk. Throws a CacheWriteError. */
function replaceFileSync(path, content, temporaries) {
	const temporary = join(temporaries, temporaryName());
	try {
		mkdirSync(temporaries, { recursive: true });
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(temporary, content, { flag: "wx" });
		renameSync(temporary, path);
	} catch (error) {
		rmSync(temporary, { force: true });
		throw asWriteError(error, path);
	}
}
/** Makes entries of a folder durable. Windows has no such call and does not need it. */
async function syncFolder(folder) {
	if (process.platform === "win32") return;
	const handle = await open(folder, "r");
	await handle.sync().finally(() => handle.close());
}
/** Deletes what writers left behind when they were killed: temporary files of dead processes, and any older than an hour. */
function sweepTemporaries(folder) {
	for (const name of namesIn(folder)) try {
		if (isLeftBehind(folder, name)) rmSync(join(folder, name), { force: true });
	} catch {}
}
/** Whether no writer works on this temporary file any more. Throws the system's error where the file is gone. */
function isLeftBehind(folder, name) {
	return !isRunning(Number.parseInt(name, 10)) || Date.now() - statSync(join(folder, name)).mtimeMs > AN_HOUR;
}
function namesIn(folder) {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}
function temporaryName() {
	return `${process.pid}-${randomBytes(8).toString("hex")}`;
}
/** Makes a folder and those above it, their own entries durable too. */
async function makeFolder(folder) {
	const first = await mkdir(folder, { recursive: true });
	if (first === void 0) return;
	for (let at = folder; at.length >= first.length; at = dirname(at)) await syncFolder(dirname(at));
}
async function writeDurably(path, content) {
	const file = await open(path, "wx");
	try {
		for (let at = 0; at < content.length;) at += (await file.write(content, at, Math.min(content.length - at, PIECE))).bytesWritten;
		await file.sync();
	} finally {
		await file.close();
	}
}
/** A system's error as a CacheWriteError; any other as it is. */
function asWriteError(error, path) {
	const { code } = error;
	return typeof code === "string" ? new CacheWriteError(code, path, error) : error;
}
// cache/local-store.ts
/** The digest itself. Throws a TypeError for anything but 64 lower-case hex digits, so that no name can leave a store. */
function asDigest(name) {
	if (!/^[0-9a-f]{64}$/.test(name)) throw new TypeError(`not a digest: ${JSON.stringify(name)}`);
	return name;
}
/** The key itself. Throws a TypeError for anything but 32 lower-case hex digits. */
function asKey(name) {
	if (!/^[0-9a-f]{32}$/.test(name)) throw new TypeError(`not a key: ${JSON.stringify(name)}`);
	return name;
}
// cache/seal.ts
const CHECKSUM_DIGITS = 32;
/** Bytes of plain data that only `unseal` with the same name accepts. Throws a TypeError naming the place where something is not plain. */
function seal(name, value) {
	const payload = Buffer.from(`{"name":${JSON.stringify(name)},"value":${canonical(value)}}\n`);
	return Buffer.concat([Buffer.from(`${checksum(payload)}\n`), payload]);
}
/** The data that was sealed under this name. Throws for anything else. */
function unseal(name, sealed) {
	const file = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
	const payload = file.subarray(33);
	if (file.toString("latin1", 0, 33) !== `${checksum(payload)}\n`) throw new Error("its checksum is wrong");
	const content = JSON.parse(payload.toString());
	if (content.name !== name) throw new Error(`it belongs to ${content.name}`);
	return content.value;
}
function checksum(payload) {
	return sha256$2(payload).slice(0, CHECKSUM_DIGITS);
}
// cache/disk.ts
/** Raised when the form of records changes; records of another schema are misses. */
const RECORD_SCHEMA = 1;
/** Never through a symbolic link, and never waiting for a pipe that somebody put there. Windows has neither flag. */
const READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
/** Opens the store in a folder, which need not exist yet, and sweeps what killed writers left behind. */
function openStore(folder, { onDamage = () => {} } = {}) {
	const temporaries = join(folder, "tmp");
	const blobPath = (digest) => join(folder, "cas", asDigest(digest).slice(0, 2), digest);
	const recordPath = (key) => join(folder, "ac", asKey(key));
	const damaged = (path, what) => onDamage(`${what}; ${setAside(path, join(folder, "quarantine"))}`);
	const unreadable = (path, what, error) => {
		const { code = "" } = error;
		if (code === "ENOENT") return;
		if (error instanceof NotAFile || [
			"ELOOP",
			"EISDIR",
			"ENXIO"
		].includes(code)) damaged(path, `${what} is damaged (it is not a plain file)`);
		else onDamage(`${what} cannot be read (${code || error.message})`);
	};
	sweepTemporaries(temporaries);
	const hasSync = ({ digest, bytes }) => {
		const path = blobPath(digest);
		try {
			const stat = lstatSync(path, { throwIfNoEntry: false });
			return stat !== void 0 && stat.isFile() && stat.size === bytes;
		} catch {
			return false;
		}
	};
	const getRecordSync = (key) => {
		const path = recordPath(key);
		let file;
		try {
			file = readFileSync(path, { flag: READ });
		} catch (error) {
			unreadable(path, `the record ${key}`, error);
			return;
		}
		try {
			return parseRecordFile(key, file);
		} catch (error) {
			damaged(path, `the record ${key} is damaged (${error.message})`);
			return;
		}
	};
	return {
		folder,
		getRecordSync,
		readRecords(keys) {
			const found = keys.map((key) => [key, getRecordSync(key)]);
			return new Map(found.filter(([, record]) => record !== void 0));
		},
		hasAll: (blobs) => blobs.every(hasSync),
		has: async (digest, bytes) => hasSync({
			digest,
			bytes
		}),
		async get(digest) {
			const path = blobPath(digest);
			try {
				const content = await readPlainFile(path);
				if (sha256$2(content) === digest) return content;
				damaged(path, `the blob ${digest} is damaged (its content has another digest)`);
			} catch (error) {
				unreadable(path, `the blob ${digest}`, error);
			}
		},
		async put(content) {
			const digest = sha256$2(content);
			const path = blobPath(digest);
			if (hasSync({
				digest,
				bytes: content.length
			}) && await holds(path, content)) {
				await touch(path);
				await syncFolder(dirname(path));
			} else await replaceFile(path, content, temporaries);
			return digest;
		},
		getRecord: async (key) => getRecordSync(key),
		async putRecord(key, record) {
			await replaceFile(recordPath(key), seal(key, {
				schema: RECORD_SCHEMA,
				record
			}), temporaries);
		},
		async deleteRecord(key) {
			const path = recordPath(key);
			await rm(path, { force: true }).catch((error) => {
				throw asWriteError(error, path);
			});
		}
	};
}
/** The record in a file, or undefined for one of another schema. Throws where it is damaged. */
function parseRecordFile(key, file) {
	const { schema, record } = unseal(key, file);
	return schema === RECORD_SCHEMA ? record : void 0;
}
/** Content of a file in memory of its own, so that arrays of any type can be views of it. Throws where it is no plain file. */
async function readPlainFile(path) {
	const file = await open(path, READ);
	try {
		const stat = await file.stat();
		if (!stat.isFile()) throw new NotAFile();
		const content = Buffer.allocUnsafeSlow(stat.size);
		let at = 0;
		for (let read = 1; read > 0 && at < content.length; at += read) read = (await file.read(content, at, Math.min(content.length - at, PIECE))).bytesRead;
		return content.subarray(0, at);
	} finally {
		await file.close();
	}
}
/** Tells a collector that somebody is about to need this content again. */
async function touch(path) {
	const now = /* @__PURE__ */ new Date();
	await utimes(path, now, now).catch(() => {});
}
var NotAFile = class extends Error {};
async function holds(path, content) {
	const there = await readPlainFile(path).catch(() => void 0);
	return there !== void 0 && Buffer.compare(there, content) === 0;
}
/** Moves damage out of the way, so that it is looked at once only; says what was done. */
function setAside(path, quarantine) {
	const target = join(quarantine, basename(path));
	try {
		mkdirSync(quarantine, { recursive: true });
		renameSync(path, target);
		return `moved to ${target}`;
	} catch (error) {
		return `it could not be moved away (${error.code})`;
	}
}
// cache/stat-cache.ts
/** Raised when the form of the file or the meaning of digests changes; it is then made anew. */
const NAME = "stat-cache 1";
/** A file changed this short a time before it was looked at may change again within the same tick of its clock: it is not trusted. */
const RACY_MS = 50;
/** Beyond this many entries only those asked for by this process are kept. */
const MANY = 1e5;
/** The stat cache in a file, which is read when first needed and need not exist. */
function openStatCache(file, hasher) {
	let entries;
	const used = /* @__PURE__ */ new Set();
	let changed = false;
	const digestStat = (path, stat) => {
		entries ??= load(file);
		used.add(path);
		const known = entries.get(path);
		if (known && known[0] === stat.ino && known[1] === stat.size && known[2] === stat.mtimeMs && known[3] === stat.ctimeMs) return known[4];
		const looked = Date.now();
		const { digest, before, after } = hashFile(path, hasher);
		if (before.mtimeMs === after.mtimeMs && before.ctimeMs === after.ctimeMs && before.size === after.size && looked - Math.max(before.mtimeMs, before.ctimeMs) > RACY_MS) {
			entries.set(path, [
				before.ino,
				before.size,
				before.mtimeMs,
				before.ctimeMs,
				digest
			]);
			changed = true;
		}
		return digest;
	};
	const digestFile = (path) => digestStat(resolve(path), statSync(path));
	const digestTree = (paths) => {
		const files = paths.flatMap((path, index) => [...filesBelow(resolve(path), `${index}`)]);
		return hasher.key(canonical(files.map(({ name, path, stat }) => [name, digestStat(path, stat)])));
	};
	return {
		digestFile,
		digestTree,
		digest: (path) => statSync(path).isDirectory() ? digestTree([path]) : digestFile(path),
		save() {
			if (!changed || !entries) return;
			const kept = [...entries].filter(([path]) => entries.size <= MANY || used.has(path));
			changed = false;
			try {
				replaceFileSync(file, seal(NAME, kept), join(dirname(file), "tmp"));
			} catch {}
		}
	};
}
function load(file) {
	try {
		return new Map(unseal(NAME, readFileSync(file)));
	} catch {
		return /* @__PURE__ */ new Map();
	}
}
/** The digest with the file's state before and after it was read. */
function hashFile(path, hasher) {
	const file = openSync(path, "r");
	try {
		const before = fstatSync(file);
		if (!before.isFile()) throw Object.assign(/* @__PURE__ */ new Error(`${path} is not a file`), {
			code: "EINVAL",
			path
		});
		const buffer = Buffer.allocUnsafeSlow(Math.min(Math.max(before.size, 1), BLOCK));
		const hash = hasher.stream();
		for (let read; (read = fill(file, buffer)) > 0;) hash.update(buffer.subarray(0, read));
		return {
			digest: hash.digest(),
			before,
			after: fstatSync(file)
		};
	} finally {
		closeSync(file);
	}
}
/** Reads until the buffer is full or the file ends: whole blocks are hashed without being copied together. */
function fill(file, buffer) {
	let at = 0;
	for (let read = 1; read > 0 && at < buffer.length; at += read) read = readSync(file, buffer, at, buffer.length - at, null);
	return at;
}
/** Files at or below a path, by name. `above` are the folders on the way, by which a circle of links is noticed. */
function* filesBelow(path, name, above = []) {
	const stat = above.length === 0 ? statSync(path) : statOrNot(path);
	if (stat?.isFile()) yield {
		name,
		path,
		stat
	};
	if (!stat?.isDirectory()) return;
	const identity = `${stat.dev}:${stat.ino}`;
	if (above.includes(identity)) return;
	const names = readdirSync(path).filter((entry) => !entry.startsWith("."));
	for (const entry of names.sort()) yield* filesBelow(join(path, entry), `${name}/${entry}`, [...above, identity]);
}
/** Undefined for a link to nowhere or to itself. */
function statOrNot(path) {
	try {
		return statSync(path);
	} catch (error) {
		if (["ENOENT", "ELOOP"].includes(error.code ?? "")) return void 0;
		throw error;
	}
}
// engine/compile-cache.ts
/** Raised when the compiler makes something else of the same sources. */
const COMPILER_SCHEMA = 2;
/** Folders of compiled pipelines that are kept; older ones are made again when asked for. */
const KEPT = 32;
/** Milliseconds within which a file may change twice under one time stamp; so young a stamp is not trusted. */
const RACY = 100;
/** What was compiled of the pipeline file, if all of its sources and packages are as they were. */
function findCompiled(folder, entry, kith, digestFile) {
	const file = indexFile(folder, entry, kith);
	const index = readJson(file);
	if (!index) return void 0;
	const sources = index.sources.map((stamp) => check(stamp, digestFile));
	const packages = index.packages.map((stamp) => check(stamp, versionIn));
	if (sources.includes(void 0) || packages.includes(void 0) || index.absent.some((path) => existsSync(path))) return void 0;
	const compiled = readCompiled(join(folder, index.folder));
	const fresh = {
		...index,
		sources,
		packages
	};
	const touched = [...index.sources, ...index.packages].some((stamp, at) => stamp !== [...sources, ...packages][at]);
	if (compiled && touched) writeAtomically(file, JSON.stringify(fresh));
	return compiled;
}
/** Stores bundles and what they were made of. Undefined when a source changed while it was bundled. */
function publish(folder, entry, kith, { bundles, root, digestFile }) {
	const sources = [...bundles.sources].map(([path, text]) => stampSource(path, text, digestFile));
	if (sources.includes(void 0)) return void 0;
	const settings = settingsOf$1(entry, root);
	const made = {
		code: bundles.slices.code,
		sources: [...bundles.sources.keys()].sort(),
		warnings: bundles.slices.warnings
	};
	const name = storeFolder(folder, new Map([...bundles.files, ["compiled.json", JSON.stringify(made)]]));
	const index = {
		folder: name,
		sources: [...sources, ...settings.filter((path) => existsSync(path)).map((path) => stampOf(path, digestFile))],
		packages: [rolldownManifest(), ...bundles.packages.keys()].map((path) => stampOf(path, versionIn)),
		absent: [...bundles.absent, ...settings.filter((path) => !existsSync(path))]
	};
	writeAtomically(indexFile(folder, entry, kith), JSON.stringify(index));
	prune(folder, name);
	return readCompiled(join(folder, name));
}
function indexFile(folder, entry, kith) {
	return join(folder, `${sha256$1([
		String(COMPILER_SCHEMA),
		kith,
		entry
	]).slice(0, 16)}.json`);
}
function readCompiled(folder) {
	const made = readJson(join(folder, "compiled.json"));
	const [planFile, planScript, workFile] = [
		join(folder, "plan.mjs"),
		join(folder, "plan.cjs"),
		join(folder, "work.mjs")
	];
	if (!made || !existsSync(planFile) || !existsSync(workFile)) return void 0;
	return {
		planFile,
		workFile,
		...made,
		...existsSync(planScript) ? { planScript } : {}
	};
}
/** The same stamp when the stats agree, a new one when only the content does, undefined when the file changed. */
function check(stamp, contentOf) {
	try {
		const { size, mtimeMs, ctimeMs, ino } = statSync(stamp.path);
		if (size === stamp.size && mtimeMs === stamp.mtime && ctimeMs === stamp.ctime && ino === stamp.inode) return stamp;
		const now = stampOf(stamp.path, contentOf);
		return now.content === stamp.content ? now : void 0;
	} catch {
		return;
	}
}
/** A stamp that was taken before the content was read, so that a later change shows. */
function stampOf(path, contentOf) {
	const { size, mtimeMs, ctimeMs, ino } = statSync(path);
	return {
		path,
		size,
		mtime: Date.now() - Math.max(mtimeMs, ctimeMs) > RACY ? mtimeMs : -1,
		ctime: ctimeMs,
		inode: ino,
		content: contentOf(path)
	};
}
function stampSource(path, text, digestFile) {
	try {
		const stamp = stampOf(path, digestFile);
		return withoutMark(readFileSync(path, "utf8")) === withoutMark(text) ? stamp : void 0;
	} catch {
		return;
	}
}
function withoutMark(text) {
	return text.replace(/^\uFEFF/, "");
}
/** Files that steer the bundler; one that `extends` names is not followed. */
function settingsOf$1(entry, root) {
	const found = [join(root, "package.json")];
	for (let at = dirname(entry);; at = dirname(at)) {
		found.push(join(at, "tsconfig.json"));
		if (at === root || dirname(at) === at) return found;
	}
}
function rolldownManifest() {
	return createRequire(import.meta.url).resolve("rolldown/package.json");
}
function versionIn(manifest) {
	return String(JSON.parse(readFileSync(manifest, "utf8")).version ?? "unknown");
}
/** Writes the files into a folder named for their content, complete or not at all; another process may have done so already. */
function storeFolder(folder, files) {
	const name = sha256$1([...files].flat()).slice(0, 32);
	const target = join(folder, name);
	if ([...files.keys()].every((file) => existsSync(join(target, file)))) return name;
	const temporary = join(folder, `.${name}-${randomUUID()}`);
	mkdirSync(temporary, { recursive: true });
	for (const [file, content] of files) writeFileSync(join(temporary, file), content);
	try {
		rmSync(target, {
			recursive: true,
			force: true
		});
		renameSync(temporary, target);
	} catch (error) {
		rmSync(temporary, {
			recursive: true,
			force: true
		});
		if (![...files.keys()].every((file) => existsSync(join(target, file)))) throw error;
	}
	return name;
}
function writeAtomically(file, content) {
	const temporary = `${file}.${randomUUID()}`;
	writeFileSync(temporary, content);
	renameSync(temporary, file);
}
/** Removes the oldest folders; a running process has long loaded what it needs of them. */
function prune(folder, current) {
	const byAge = readdirSync(folder, { withFileTypes: true }).filter((each) => each.isDirectory() && each.name !== current).map(({ name }) => ({
		name,
		age: ageOf(join(folder, name))
	})).sort((a, b) => a.age - b.age);
	for (const { name } of byAge.slice(KEPT)) rmSync(join(folder, name), {
		recursive: true,
		force: true
	});
}
function ageOf(path) {
	try {
		return Date.now() - statSync(path).mtimeMs;
	} catch {
		return 0;
	}
}
function readJson(file) {
	try {
		return JSON.parse(readFileSync(file, "utf8"));
	} catch {
		return;
	}
}
function sha256$1(texts) {
	return createHash("sha256").update(JSON.stringify(texts)).digest("hex");
}
// engine/compile.ts
/**
* Compiles a pipeline file, or finds it compiled. Safe to call from several processes at once.
* Not noticed: a new file that would change how an import resolves (`x.ts` beside `x/index.ts`), until a source changes.
* Errors: KithErrors with exit code 2 for syntax errors, imports that cannot be found and definitions that cannot be hashed.
*/
async function compile(pipelineFile, { cacheFolder, digestFile = sha256 }) {
	const entry = resolve(pipelineFile);
	const folder = join(cacheFolder, "compiled");
	const kith = packageFolder();
	const known = findCompiled(folder, entry, kith, digestFile);
	if (known) return known;
	const root = nearestPackage(dirname(entry)) ?? dirname(entry);
	const { bundlePipeline } = await import("./compile-bundle-Byhoi_kW.js");
	for (let attempt = 0; attempt < 5; attempt++) {
		const published = publish(folder, entry, kith, {
			bundles: await bundlePipeline({
				entry,
				root,
				kith
			}),
			root,
			digestFile
		});
		if (published) return published;
	}
	throw new KithError("The pipeline file or a module of it changes faster than it can be read.", {
		hint: "Try again when it is saved.",
		exitCode: 2
	});
}
function sha256(path) {
	return createHash("sha256").update(readFileSync(path)).digest("hex");
}
// node_modules/graphology/dist/graphology.mjs
/**
* Graphology Utilities
* =====================
*
* Collection of helpful functions used by the implementation.
*/
/**
* Object.assign-like polyfill.
*
* @param  {object} target       - First object.
* @param  {object} [...objects] - Objects to merge.
* @return {object}
*/
function assignPolyfill() {
	const target = arguments[0];
	for (let i = 1, l = arguments.length; i < l; i++) {
		if (!arguments[i]) continue;
		for (const k in arguments[i]) target[k] = arguments[i][k];
	}
	return target;
}
let assign = assignPolyfill;
if (typeof Object.assign === "function") assign = Object.assign;
/**
* Function returning the first matching edge for given path.
* Note: this function does not check the existence of source & target. This
* must be performed by the caller.
*
* @param  {Graph}  graph  - Target graph.
* @param  {any}    source - Source node.
* @param  {any}    target - Target node.
* @param  {string} type   - Type of the edge (mixed, directed or undirected).
* @return {string|null}
*/
function getMatchingEdge(graph, source, target, type) {
	const sourceData = graph._nodes.get(source);
	let edge = null;
	if (!sourceData) return edge;
	if (type === "mixed") edge = sourceData.out && sourceData.out[target] || sourceData.undirected && sourceData.undirected[target];
	else if (type === "directed") edge = sourceData.out && sourceData.out[target];
	else edge = sourceData.undirected && sourceData.undirected[target];
	return edge;
}
/**
* Checks whether the given value is a plain object.
*
* @param  {mixed}   value - Target value.
* @return {boolean}
*/
function isPlainObject(value) {
	return typeof value === "object" && value !== null;
}
/**
* Checks whether the given object is empty.
*
* @param  {object}  o - Target Object.
* @return {boolean}
*/
function isEmpty(o) {
	let k;
	for (k in o) return false;
	return true;
}
/**
* Creates a "private" property for the given member name by concealing it
* using the `enumerable` option.
*
* @param {object} target - Target object.
* @param {string} name   - Member name.
*/
function privateProperty(target, name, value) {
	Object.defineProperty(target, name, {
		enumerable: false,
		configurable: false,
		writable: true,
		value
	});
}
/**
* Creates a read-only property for the given member name & the given getter.
*
* @param {object}   target - Target object.
* @param {string}   name   - Member name.
* @param {mixed}    value  - The attached getter or fixed value.
*/
function readOnlyProperty(target, name, value) {
	const descriptor = {
		enumerable: true,
		configurable: true
	};
	if (typeof value === "function") descriptor.get = value;
	else {
		descriptor.value = value;
		descriptor.writable = false;
	}
	Object.defineProperty(target, name, descriptor);
}
/**
* Returns whether the given object constitute valid hints.
*
* @param {object} hints - Target object.
*/
function validateHints(hints) {
	if (!isPlainObject(hints)) return false;
	if (hints.attributes && !Array.isArray(hints.attributes)) return false;
	return true;
}
/**
* Creates a function generating incremental ids for edges.
*
* @return {function}
*/
function incrementalIdStartingFromRandomByte() {
	let i = Math.floor(Math.random() * 256) & 255;
	return () => {
		return i++;
	};
}
/**
* Chains multiple iterators into a single iterator.
*
* @param {...Iterator} iterables
* @returns {Iterator}
*/
function chain() {
	const iterables = arguments;
	let current = null;
	let i = -1;
	return {
		[Symbol.iterator]() {
			return this;
		},
		next() {
			let step = null;
			do {
				if (current === null) {
					i++;
					if (i >= iterables.length) return { done: true };
					current = iterables[i][Symbol.iterator]();
				}
				step = current.next();
				if (step.done) {
					current = null;
					continue;
				}
				break;
			} while (true);
			return step;
		}
	};
}
function emptyIterator() {
	return {
		[Symbol.iterator]() {
			return this;
		},
		next() {
			return { done: true };
		}
	};
}
/**
* Graphology Custom Errors
* =========================
*
* Defining custom errors for ease of use & easy unit tests across
* implementations (normalized typology rather than relying on error
* messages to check whether the correct error was found).
*/
var GraphError = class extends Error {
	constructor(message) {
		super();
		this.name = "GraphError";
		this.message = message;
	}
};
var InvalidArgumentsGraphError = class InvalidArgumentsGraphError extends GraphError {
	constructor(message) {
		super(message);
		this.name = "InvalidArgumentsGraphError";
		if (typeof Error.captureStackTrace === "function") Error.captureStackTrace(this, InvalidArgumentsGraphError.prototype.constructor);
	}
};
var NotFoundGraphError = class NotFoundGraphError extends GraphError {
	constructor(message) {
		super(message);
		this.name = "NotFoundGraphError";
		if (typeof Error.captureStackTrace === "function") Error.captureStackTrace(this, NotFoundGraphError.prototype.constructor);
	}
};
var UsageGraphError = class UsageGraphError extends GraphError {
	constructor(message) {
		super(message);
		this.name = "UsageGraphError";
		if (typeof Error.captureStackTrace === "function") Error.captureStackTrace(this, UsageGraphError.prototype.constructor);
	}
};
/**
* Graphology Internal Data Classes
* =================================
*
* Internal classes hopefully reduced to structs by engines & storing
* necessary information for nodes & edges.
*
* Note that those classes don't rely on the `class` keyword to avoid some
* cruft introduced by most of ES2015 transpilers.
*/
/**
* MixedNodeData class.
*
* @constructor
* @param {string} string     - The node's key.
* @param {object} attributes - Node's attributes.
*/
function MixedNodeData(key, attributes) {
	this.key = key;
	this.attributes = attributes;
	this.clear();
}
MixedNodeData.prototype.clear = function() {
	this.inDegree = 0;
	this.outDegree = 0;
	this.undirectedDegree = 0;
	this.undirectedLoops = 0;
	this.directedLoops = 0;
	this.in = {};
	this.out = {};
	this.undirected = {};
};
/**
* DirectedNodeData class.
*
* @constructor
* @param {string} string     - The node's key.
* @param {object} attributes - Node's attributes.
*/
function DirectedNodeData(key, attributes) {
	this.key = key;
	this.attributes = attributes;
	this.clear();
}
DirectedNodeData.prototype.clear = function() {
	this.inDegree = 0;
	this.outDegree = 0;
	this.directedLoops = 0;
	this.in = {};
	this.out = {};
};
/**
* UndirectedNodeData class.
*
* @constructor
* @param {string} string     - The node's key.
* @param {object} attributes - Node's attributes.
*/
function UndirectedNodeData(key, attributes) {
	this.key = key;
	this.attributes = attributes;
	this.clear();
}
UndirectedNodeData.prototype.clear = function() {
	this.undirectedDegree = 0;
	this.undirectedLoops = 0;
	this.undirected = {};
};
/**
* EdgeData class.
*
* @constructor
* @param {boolean} undirected   - Whether the edge is undirected.
* @param {string}  string       - The edge's key.
* @param {string}  source       - Source of the edge.
* @param {string}  target       - Target of the edge.
* @param {object}  attributes   - Edge's attributes.
*/
function EdgeData(undirected, key, source, target, attributes) {
	this.key = key;
	this.attributes = attributes;
	this.undirected = undirected;
	this.source = source;
	this.target = target;
}
EdgeData.prototype.attach = function() {
	let outKey = "out";
	let inKey = "in";
	if (this.undirected) outKey = inKey = "undirected";
	const source = this.source.key;
	const target = this.target.key;
	this.source[outKey][target] = this;
	if (this.undirected && source === target) return;
	this.target[inKey][source] = this;
};
EdgeData.prototype.attachMulti = function() {
	let outKey = "out";
	let inKey = "in";
	const source = this.source.key;
	const target = this.target.key;
	if (this.undirected) outKey = inKey = "undirected";
	const adj = this.source[outKey];
	const head = adj[target];
	if (typeof head === "undefined") {
		adj[target] = this;
		if (!(this.undirected && source === target)) this.target[inKey][source] = this;
		return;
	}
	head.previous = this;
	this.next = head;
	adj[target] = this;
	this.target[inKey][source] = this;
};
EdgeData.prototype.detach = function() {
	const source = this.source.key;
	const target = this.target.key;
	let outKey = "out";
	let inKey = "in";
	if (this.undirected) outKey = inKey = "undirected";
	delete this.source[outKey][target];
	delete this.target[inKey][source];
};
EdgeData.prototype.detachMulti = function() {
	const source = this.source.key;
	const target = this.target.key;
	let outKey = "out";
	let inKey = "in";
	if (this.undirected) outKey = inKey = "undirected";
	if (this.previous === void 0) {
		if (this.next === void 0) {
			delete this.source[outKey][target];
			delete this.target[inKey][source];
		} else {
			this.next.previous = void 0;
			this.source[outKey][target] = this.next;
			this.target[inKey][source] = this.next;
		}
	} else {
		this.previous.next = this.next;
		if (this.next !== void 0) this.next.previous = this.previous;
	}
};
/**
* Graphology Node Attributes methods
* ===================================
*/
const NODE = 0;
const SOURCE = 1;
const TARGET = 2;
const OPPOSITE = 3;
function findRelevantNodeData(graph, method, mode, nodeOrEdge, nameOrEdge, add1, add2) {
	let nodeData, edgeData, arg1, arg2;
	nodeOrEdge = "" + nodeOrEdge;
	if (mode === NODE) {
		nodeData = graph._nodes.get(nodeOrEdge);
		if (!nodeData) throw new NotFoundGraphError(`Graph.${method}: could not find the "${nodeOrEdge}" node in the graph.`);
		arg1 = nameOrEdge;
		arg2 = add1;
	} else if (mode === OPPOSITE) {
		nameOrEdge = "" + nameOrEdge;
		edgeData = graph._edges.get(nameOrEdge);
		if (!edgeData) throw new NotFoundGraphError(`Graph.${method}: could not find the "${nameOrEdge}" edge in the graph.`);
		const source = edgeData.source.key;
		const target = edgeData.target.key;
		if (nodeOrEdge === source) nodeData = edgeData.target;
		else if (nodeOrEdge === target) nodeData = edgeData.source;
		else throw new NotFoundGraphError(`Graph.${method}: the "${nodeOrEdge}" node is not attached to the "${nameOrEdge}" edge (${source}, ${target}).`);
		arg1 = add1;
		arg2 = add2;
	} else {
		edgeData = graph._edges.get(nodeOrEdge);
		if (!edgeData) throw new NotFoundGraphError(`Graph.${method}: could not find the "${nodeOrEdge}" edge in the graph.`);
		if (mode === SOURCE) nodeData = edgeData.source;
		else nodeData = edgeData.target;
		arg1 = nameOrEdge;
		arg2 = add1;
	}
	return [
		nodeData,
		arg1,
		arg2
	];
}
function attachNodeAttributeGetter(Class, method, mode) {
	Class.prototype[method] = function(nodeOrEdge, nameOrEdge, add1) {
		const [data, name] = findRelevantNodeData(this, method, mode, nodeOrEdge, nameOrEdge, add1);
		return data.attributes[name];
	};
}
function attachNodeAttributesGetter(Class, method, mode) {
	Class.prototype[method] = function(nodeOrEdge, nameOrEdge) {
		const [data] = findRelevantNodeData(this, method, mode, nodeOrEdge, nameOrEdge);
		return data.attributes;
	};
}
function attachNodeAttributeChecker(Class, method, mode) {
	Class.prototype[method] = function(nodeOrEdge, nameOrEdge, add1) {
		const [data, name] = findRelevantNodeData(this, method, mode, nodeOrEdge, nameOrEdge, add1);
		return data.attributes.hasOwnProperty(name);
	};
}
function attachNodeAttributeSetter(Class, method, mode) {
	Class.prototype[method] = function(nodeOrEdge, nameOrEdge, add1, add2) {
		const [data, name, value] = findRelevantNodeData(this, method, mode, nodeOrEdge, nameOrEdge, add1, add2);
		data.attributes[name] = value;
		this.emit("nodeAttributesUpdated", {
			key: data.key,
			type: "set",
			attributes: data.attributes,
			name
		});
		return this;
	};
}
function attachNodeAttributeUpdater(Class, method, mode) {
	Class.prototype[method] = function(nodeOrEdge, nameOrEdge, add1, add2) {
		const [data, name, updater] = findRelevantNodeData(this, method, mode, nodeOrEdge, nameOrEdge, add1, add2);
		if (typeof updater !== "function") throw new InvalidArgumentsGraphError(`Graph.${method}: updater should be a function.`);
		const attributes = data.attributes;
		attributes[name] = updater(attributes[name]);
		this.emit("nodeAttributesUpdated", {
			key: data.key,
			type: "set",
			attributes: data.attributes,
			name
		});
		return this;
	};
}
function attachNodeAttributeRemover(Class, method, mode) {
	Class.prototype[method] = function(nodeOrEdge, nameOrEdge, add1) {
		const [data, name] = findRelevantNodeData(this, method, mode, nodeOrEdge, nameOrEdge, add1);
		delete data.attributes[name];
		this.emit("nodeAttributesUpdated", {
			key: data.key,
			type: "remove",
			attributes: data.attributes,
			name
		});
		return this;
	};
}
function attachNodeAttributesReplacer(Class, method, mode) {
	Class.prototype[method] = function(nodeOrEdge, nameOrEdge, add1) {
		const [data, attributes] = findRelevantNodeData(this, method, mode, nodeOrEdge, nameOrEdge, add1);
		if (!isPlainObject(attributes)) throw new InvalidArgumentsGraphError(`Graph.${method}: provided attributes are not a plain object.`);
		data.attributes = attributes;
		this.emit("nodeAttributesUpdated", {
			key: data.key,
			type: "replace",
			attributes: data.attributes
		});
		return this;
	};
}
function attachNodeAttributesMerger(Class, method, mode) {
	Class.prototype[method] = function(nodeOrEdge, nameOrEdge, add1) {
		const [data, attributes] = findRelevantNodeData(this, method, mode, nodeOrEdge, nameOrEdge, add1);
		if (!isPlainObject(attributes)) throw new InvalidArgumentsGraphError(`Graph.${method}: provided attributes are not a plain object.`);
		assign(data.attributes, attributes);
		this.emit("nodeAttributesUpdated", {
			key: data.key,
			type: "merge",
			attributes: data.attributes,
			data: attributes
		});
		return this;
	};
}
function attachNodeAttributesUpdater(Class, method, mode) {
	Class.prototype[method] = function(nodeOrEdge, nameOrEdge, add1) {
		const [data, updater] = findRelevantNodeData(this, method, mode, nodeOrEdge, nameOrEdge, add1);
		if (typeof updater !== "function") throw new InvalidArgumentsGraphError(`Graph.${method}: provided updater is not a function.`);
		data.attributes = updater(data.attributes);
		this.emit("nodeAttributesUpdated", {
			key: data.key,
			type: "update",
			attributes: data.attributes
		});
		return this;
	};
}
/**
* List of methods to attach.
*/
const NODE_ATTRIBUTES_METHODS = [
	{
		name: (element) => `get${element}Attribute`,
		attacher: attachNodeAttributeGetter
	},
	{
		name: (element) => `get${element}Attributes`,
		attacher: attachNodeAttributesGetter
	},
	{
		name: (element) => `has${element}Attribute`,
		attacher: attachNodeAttributeChecker
	},
	{
		name: (element) => `set${element}Attribute`,
		attacher: attachNodeAttributeSetter
	},
	{
		name: (element) => `update${element}Attribute`,
		attacher: attachNodeAttributeUpdater
	},
	{
		name: (element) => `remove${element}Attribute`,
		attacher: attachNodeAttributeRemover
	},
	{
		name: (element) => `replace${element}Attributes`,
		attacher: attachNodeAttributesReplacer
	},
	{
		name: (element) => `merge${element}Attributes`,
		attacher: attachNodeAttributesMerger
	},
	{
		name: (element) => `update${element}Attributes`,
		attacher: attachNodeAttributesUpdater
	}
];
/**
* Attach every attributes-related methods to a Graph class.
*
* @param {function} Graph - Target class.
*/
function attachNodeAttributesMethods(Graph) {
	NODE_ATTRIBUTES_METHODS.forEach(function({ name, attacher }) {
		attacher(Graph, name("Node"), NODE);
		attacher(Graph, name("Source"), SOURCE);
		attacher(Graph, name("Target"), TARGET);
		attacher(Graph, name("Opposite"), OPPOSITE);
	});
}
/**
* Graphology Edge Attributes methods
* ===================================
*/
/**
* Attach an attribute getter method onto the provided class.
*
* @param {function} Class         - Target class.
* @param {string}   method        - Method name.
* @param {string}   type          - Type of the edge to find.
*/
function attachEdgeAttributeGetter(Class, method, type) {
	/**
	* Get the desired attribute for the given element (node or edge).
	*
	* Arity 2:
	* @param  {any}    element - Target element.
	* @param  {string} name    - Attribute's name.
	*
	* Arity 3 (only for edges):
	* @param  {any}     source - Source element.
	* @param  {any}     target - Target element.
	* @param  {string}  name   - Attribute's name.
	*
	* @return {mixed}          - The attribute's value.
	*
	* @throws {Error} - Will throw if too many arguments are provided.
	* @throws {Error} - Will throw if any of the elements is not found.
	*/
	Class.prototype[method] = function(element, name) {
		let data;
		if (this.type !== "mixed" && type !== "mixed" && type !== this.type) throw new UsageGraphError(`Graph.${method}: cannot find this type of edges in your ${this.type} graph.`);
		if (arguments.length > 2) {
			if (this.multi) throw new UsageGraphError(`Graph.${method}: cannot use a {source,target} combo when asking about an edge's attributes in a MultiGraph since we cannot infer the one you want information about.`);
			const source = "" + element;
			const target = "" + name;
			name = arguments[2];
			data = getMatchingEdge(this, source, target, type);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find an edge for the given path ("${source}" - "${target}").`);
		} else {
			if (type !== "mixed") throw new UsageGraphError(`Graph.${method}: calling this method with only a key (vs. a source and target) does not make sense since an edge with this key could have the other type.`);
			element = "" + element;
			data = this._edges.get(element);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find the "${element}" edge in the graph.`);
		}
		return data.attributes[name];
	};
}
/**
* Attach an attributes getter method onto the provided class.
*
* @param {function} Class       - Target class.
* @param {string}   method      - Method name.
* @param {string}   type        - Type of the edge to find.
*/
function attachEdgeAttributesGetter(Class, method, type) {
	/**
	* Retrieves all the target element's attributes.
	*
	* Arity 2:
	* @param  {any}    element - Target element.
	*
	* Arity 3 (only for edges):
	* @param  {any}     source - Source element.
	* @param  {any}     target - Target element.
	*
	* @return {object}          - The element's attributes.
	*
	* @throws {Error} - Will throw if too many arguments are provided.
	* @throws {Error} - Will throw if any of the elements is not found.
	*/
	Class.prototype[method] = function(element) {
		let data;
		if (this.type !== "mixed" && type !== "mixed" && type !== this.type) throw new UsageGraphError(`Graph.${method}: cannot find this type of edges in your ${this.type} graph.`);
		if (arguments.length > 1) {
			if (this.multi) throw new UsageGraphError(`Graph.${method}: cannot use a {source,target} combo when asking about an edge's attributes in a MultiGraph since we cannot infer the one you want information about.`);
			const source = "" + element, target = "" + arguments[1];
			data = getMatchingEdge(this, source, target, type);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find an edge for the given path ("${source}" - "${target}").`);
		} else {
			if (type !== "mixed") throw new UsageGraphError(`Graph.${method}: calling this method with only a key (vs. a source and target) does not make sense since an edge with this key could have the other type.`);
			element = "" + element;
			data = this._edges.get(element);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find the "${element}" edge in the graph.`);
		}
		return data.attributes;
	};
}
/**
* Attach an attribute checker method onto the provided class.
*
* @param {function} Class       - Target class.
* @param {string}   method      - Method name.
* @param {string}   type        - Type of the edge to find.
*/
function attachEdgeAttributeChecker(Class, method, type) {
	/**
	* Checks whether the desired attribute is set for the given element (node or edge).
	*
	* Arity 2:
	* @param  {any}    element - Target element.
	* @param  {string} name    - Attribute's name.
	*
	* Arity 3 (only for edges):
	* @param  {any}     source - Source element.
	* @param  {any}     target - Target element.
	* @param  {string}  name   - Attribute's name.
	*
	* @return {boolean}
	*
	* @throws {Error} - Will throw if too many arguments are provided.
	* @throws {Error} - Will throw if any of the elements is not found.
	*/
	Class.prototype[method] = function(element, name) {
		let data;
		if (this.type !== "mixed" && type !== "mixed" && type !== this.type) throw new UsageGraphError(`Graph.${method}: cannot find this type of edges in your ${this.type} graph.`);
		if (arguments.length > 2) {
			if (this.multi) throw new UsageGraphError(`Graph.${method}: cannot use a {source,target} combo when asking about an edge's attributes in a MultiGraph since we cannot infer the one you want information about.`);
			const source = "" + element;
			const target = "" + name;
			name = arguments[2];
			data = getMatchingEdge(this, source, target, type);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find an edge for the given path ("${source}" - "${target}").`);
		} else {
			if (type !== "mixed") throw new UsageGraphError(`Graph.${method}: calling this method with only a key (vs. a source and target) does not make sense since an edge with this key could have the other type.`);
			element = "" + element;
			data = this._edges.get(element);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find the "${element}" edge in the graph.`);
		}
		return data.attributes.hasOwnProperty(name);
	};
}
/**
* Attach an attribute setter method onto the provided class.
*
* @param {function} Class         - Target class.
* @param {string}   method        - Method name.
* @param {string}   type          - Type of the edge to find.
*/
function attachEdgeAttributeSetter(Class, method, type) {
	/**
	* Set the desired attribute for the given element (node or edge).
	*
	* Arity 2:
	* @param  {any}    element - Target element.
	* @param  {string} name    - Attribute's name.
	* @param  {mixed}  value   - New attribute value.
	*
	* Arity 3 (only for edges):
	* @param  {any}     source - Source element.
	* @param  {any}     target - Target element.
	* @param  {string}  name   - Attribute's name.
	* @param  {mixed}  value   - New attribute value.
	*
	* @return {Graph}          - Returns itself for chaining.
	*
	* @throws {Error} - Will throw if too many arguments are provided.
	* @throws {Error} - Will throw if any of the elements is not found.
	*/
	Class.prototype[method] = function(element, name, value) {
		let data;
		if (this.type !== "mixed" && type !== "mixed" && type !== this.type) throw new UsageGraphError(`Graph.${method}: cannot find this type of edges in your ${this.type} graph.`);
		if (arguments.length > 3) {
			if (this.multi) throw new UsageGraphError(`Graph.${method}: cannot use a {source,target} combo when asking about an edge's attributes in a MultiGraph since we cannot infer the one you want information about.`);
			const source = "" + element;
			const target = "" + name;
			name = arguments[2];
			value = arguments[3];
			data = getMatchingEdge(this, source, target, type);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find an edge for the given path ("${source}" - "${target}").`);
		} else {
			if (type !== "mixed") throw new UsageGraphError(`Graph.${method}: calling this method with only a key (vs. a source and target) does not make sense since an edge with this key could have the other type.`);
			element = "" + element;
			data = this._edges.get(element);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find the "${element}" edge in the graph.`);
		}
		data.attributes[name] = value;
		this.emit("edgeAttributesUpdated", {
			key: data.key,
			type: "set",
			attributes: data.attributes,
			name
		});
		return this;
	};
}
/**
* Attach an attribute updater method onto the provided class.
*
* @param {function} Class         - Target class.
* @param {string}   method        - Method name.
* @param {string}   type          - Type of the edge to find.
*/
function attachEdgeAttributeUpdater(Class, method, type) {
	/**
	* Update the desired attribute for the given element (node or edge) using
	* the provided function.
	*
	* Arity 2:
	* @param  {any}      element - Target element.
	* @param  {string}   name    - Attribute's name.
	* @param  {function} updater - Updater function.
	*
	* Arity 3 (only for edges):
	* @param  {any}      source  - Source element.
	* @param  {any}      target  - Target element.
	* @param  {string}   name    - Attribute's name.
	* @param  {function} updater - Updater function.
	*
	* @return {Graph}            - Returns itself for chaining.
	*
	* @throws {Error} - Will throw if too many arguments are provided.
	* @throws {Error} - Will throw if any of the elements is not found.
	*/
	Class.prototype[method] = function(element, name, updater) {
		let data;
		if (this.type !== "mixed" && type !== "mixed" && type !== this.type) throw new UsageGraphError(`Graph.${method}: cannot find this type of edges in your ${this.type} graph.`);
		if (arguments.length > 3) {
			if (this.multi) throw new UsageGraphError(`Graph.${method}: cannot use a {source,target} combo when asking about an edge's attributes in a MultiGraph since we cannot infer the one you want information about.`);
			const source = "" + element;
			const target = "" + name;
			name = arguments[2];
			updater = arguments[3];
			data = getMatchingEdge(this, source, target, type);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find an edge for the given path ("${source}" - "${target}").`);
		} else {
			if (type !== "mixed") throw new UsageGraphError(`Graph.${method}: calling this method with only a key (vs. a source and target) does not make sense since an edge with this key could have the other type.`);
			element = "" + element;
			data = this._edges.get(element);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find the "${element}" edge in the graph.`);
		}
		if (typeof updater !== "function") throw new InvalidArgumentsGraphError(`Graph.${method}: updater should be a function.`);
		data.attributes[name] = updater(data.attributes[name]);
		this.emit("edgeAttributesUpdated", {
			key: data.key,
			type: "set",
			attributes: data.attributes,
			name
		});
		return this;
	};
}
/**
* Attach an attribute remover method onto the provided class.
*
* @param {function} Class         - Target class.
* @param {string}   method        - Method name.
* @param {string}   type          - Type of the edge to find.
*/
function attachEdgeAttributeRemover(Class, method, type) {
	/**
	* Remove the desired attribute for the given element (node or edge).
	*
	* Arity 2:
	* @param  {any}    element - Target element.
	* @param  {string} name    - Attribute's name.
	*
	* Arity 3 (only for edges):
	* @param  {any}     source - Source element.
	* @param  {any}     target - Target element.
	* @param  {string}  name   - Attribute's name.
	*
	* @return {Graph}          - Returns itself for chaining.
	*
	* @throws {Error} - Will throw if too many arguments are provided.
	* @throws {Error} - Will throw if any of the elements is not found.
	*/
	Class.prototype[method] = function(element, name) {
		let data;
		if (this.type !== "mixed" && type !== "mixed" && type !== this.type) throw new UsageGraphError(`Graph.${method}: cannot find this type of edges in your ${this.type} graph.`);
		if (arguments.length > 2) {
			if (this.multi) throw new UsageGraphError(`Graph.${method}: cannot use a {source,target} combo when asking about an edge's attributes in a MultiGraph since we cannot infer the one you want information about.`);
			const source = "" + element;
			const target = "" + name;
			name = arguments[2];
			data = getMatchingEdge(this, source, target, type);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find an edge for the given path ("${source}" - "${target}").`);
		} else {
			if (type !== "mixed") throw new UsageGraphError(`Graph.${method}: calling this method with only a key (vs. a source and target) does not make sense since an edge with this key could have the other type.`);
			element = "" + element;
			data = this._edges.get(element);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find the "${element}" edge in the graph.`);
		}
		delete data.attributes[name];
		this.emit("edgeAttributesUpdated", {
			key: data.key,
			type: "remove",
			attributes: data.attributes,
			name
		});
		return this;
	};
}
/**
* Attach an attribute replacer method onto the provided class.
*
* @param {function} Class         - Target class.
* @param {string}   method        - Method name.
* @param {string}   type          - Type of the edge to find.
*/
function attachEdgeAttributesReplacer(Class, method, type) {
	/**
	* Replace the attributes for the given element (node or edge).
	*
	* Arity 2:
	* @param  {any}    element    - Target element.
	* @param  {object} attributes - New attributes.
	*
	* Arity 3 (only for edges):
	* @param  {any}     source     - Source element.
	* @param  {any}     target     - Target element.
	* @param  {object}  attributes - New attributes.
	*
	* @return {Graph}              - Returns itself for chaining.
	*
	* @throws {Error} - Will throw if too many arguments are provided.
	* @throws {Error} - Will throw if any of the elements is not found.
	*/
	Class.prototype[method] = function(element, attributes) {
		let data;
		if (this.type !== "mixed" && type !== "mixed" && type !== this.type) throw new UsageGraphError(`Graph.${method}: cannot find this type of edges in your ${this.type} graph.`);
		if (arguments.length > 2) {
			if (this.multi) throw new UsageGraphError(`Graph.${method}: cannot use a {source,target} combo when asking about an edge's attributes in a MultiGraph since we cannot infer the one you want information about.`);
			const source = "" + element, target = "" + attributes;
			attributes = arguments[2];
			data = getMatchingEdge(this, source, target, type);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find an edge for the given path ("${source}" - "${target}").`);
		} else {
			if (type !== "mixed") throw new UsageGraphError(`Graph.${method}: calling this method with only a key (vs. a source and target) does not make sense since an edge with this key could have the other type.`);
			element = "" + element;
			data = this._edges.get(element);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find the "${element}" edge in the graph.`);
		}
		if (!isPlainObject(attributes)) throw new InvalidArgumentsGraphError(`Graph.${method}: provided attributes are not a plain object.`);
		data.attributes = attributes;
		this.emit("edgeAttributesUpdated", {
			key: data.key,
			type: "replace",
			attributes: data.attributes
		});
		return this;
	};
}
/**
* Attach an attribute merger method onto the provided class.
*
* @param {function} Class         - Target class.
* @param {string}   method        - Method name.
* @param {string}   type          - Type of the edge to find.
*/
function attachEdgeAttributesMerger(Class, method, type) {
	/**
	* Merge the attributes for the given element (node or edge).
	*
	* Arity 2:
	* @param  {any}    element    - Target element.
	* @param  {object} attributes - Attributes to merge.
	*
	* Arity 3 (only for edges):
	* @param  {any}     source     - Source element.
	* @param  {any}     target     - Target element.
	* @param  {object}  attributes - Attributes to merge.
	*
	* @return {Graph}              - Returns itself for chaining.
	*
	* @throws {Error} - Will throw if too many arguments are provided.
	* @throws {Error} - Will throw if any of the elements is not found.
	*/
	Class.prototype[method] = function(element, attributes) {
		let data;
		if (this.type !== "mixed" && type !== "mixed" && type !== this.type) throw new UsageGraphError(`Graph.${method}: cannot find this type of edges in your ${this.type} graph.`);
		if (arguments.length > 2) {
			if (this.multi) throw new UsageGraphError(`Graph.${method}: cannot use a {source,target} combo when asking about an edge's attributes in a MultiGraph since we cannot infer the one you want information about.`);
			const source = "" + element, target = "" + attributes;
			attributes = arguments[2];
			data = getMatchingEdge(this, source, target, type);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find an edge for the given path ("${source}" - "${target}").`);
		} else {
			if (type !== "mixed") throw new UsageGraphError(`Graph.${method}: calling this method with only a key (vs. a source and target) does not make sense since an edge with this key could have the other type.`);
			element = "" + element;
			data = this._edges.get(element);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find the "${element}" edge in the graph.`);
		}
		if (!isPlainObject(attributes)) throw new InvalidArgumentsGraphError(`Graph.${method}: provided attributes are not a plain object.`);
		assign(data.attributes, attributes);
		this.emit("edgeAttributesUpdated", {
			key: data.key,
			type: "merge",
			attributes: data.attributes,
			data: attributes
		});
		return this;
	};
}
/**
* Attach an attribute updater method onto the provided class.
*
* @param {function} Class         - Target class.
* @param {string}   method        - Method name.
* @param {string}   type          - Type of the edge to find.
*/
function attachEdgeAttributesUpdater(Class, method, type) {
	/**
	* Update the attributes of the given element (node or edge).
	*
	* Arity 2:
	* @param  {any}      element - Target element.
	* @param  {function} updater - Updater function.
	*
	* Arity 3 (only for edges):
	* @param  {any}      source  - Source element.
	* @param  {any}      target  - Target element.
	* @param  {function} updater - Updater function.
	*
	* @return {Graph}            - Returns itself for chaining.
	*
	* @throws {Error} - Will throw if too many arguments are provided.
	* @throws {Error} - Will throw if any of the elements is not found.
	*/
	Class.prototype[method] = function(element, updater) {
		let data;
		if (this.type !== "mixed" && type !== "mixed" && type !== this.type) throw new UsageGraphError(`Graph.${method}: cannot find this type of edges in your ${this.type} graph.`);
		if (arguments.length > 2) {
			if (this.multi) throw new UsageGraphError(`Graph.${method}: cannot use a {source,target} combo when asking about an edge's attributes in a MultiGraph since we cannot infer the one you want information about.`);
			const source = "" + element, target = "" + updater;
			updater = arguments[2];
			data = getMatchingEdge(this, source, target, type);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find an edge for the given path ("${source}" - "${target}").`);
		} else {
			if (type !== "mixed") throw new UsageGraphError(`Graph.${method}: calling this method with only a key (vs. a source and target) does not make sense since an edge with this key could have the other type.`);
			element = "" + element;
			data = this._edges.get(element);
			if (!data) throw new NotFoundGraphError(`Graph.${method}: could not find the "${element}" edge in the graph.`);
		}
		if (typeof updater !== "function") throw new InvalidArgumentsGraphError(`Graph.${method}: provided updater is not a function.`);
		data.attributes = updater(data.attributes);
		this.emit("edgeAttributesUpdated", {
			key: data.key,
			type: "update",
			attributes: data.attributes
		});
		return this;
	};
}
/**
* List of methods to attach.
*/
const EDGE_ATTRIBUTES_METHODS = [
	{
		name: (element) => `get${element}Attribute`,
		attacher: attachEdgeAttributeGetter
	},
	{
		name: (element) => `get${element}Attributes`,
		attacher: attachEdgeAttributesGetter
	},
	{
		name: (element) => `has${element}Attribute`,
		attacher: attachEdgeAttributeChecker
	},
	{
		name: (element) => `set${element}Attribute`,
		attacher: attachEdgeAttributeSetter
	},
	{
		name: (element) => `update${element}Attribute`,
		attacher: attachEdgeAttributeUpdater
	},
	{
		name: (element) => `remove${element}Attribute`,
		attacher: attachEdgeAttributeRemover
	},
	{
		name: (element) => `replace${element}Attributes`,
		attacher: attachEdgeAttributesReplacer
	},
	{
		name: (element) => `merge${element}Attributes`,
		attacher: attachEdgeAttributesMerger
	},
	{
		name: (element) => `update${element}Attributes`,
		attacher: attachEdgeAttributesUpdater
	}
];
/**
* Attach every attributes-related methods to a Graph class.
*
* @param {function} Graph - Target class.
*/
function attachEdgeAttributesMethods(Graph) {
	EDGE_ATTRIBUTES_METHODS.forEach(function({ name, attacher }) {
		attacher(Graph, name("Edge"), "mixed");
		attacher(Graph, name("DirectedEdge"), "directed");
		attacher(Graph, name("UndirectedEdge"), "undirected");
	});
}
/**
* Graphology Edge Iteration
* ==========================
*
* Attaching some methods to the Graph class to be able to iterate over a
* graph's edges.
*/
/**
* Definitions.
*/
const EDGES_ITERATION = [
	{
		name: "edges",
		type: "mixed"
	},
	{
		name: "inEdges",
		type: "directed",
		direction: "in"
	},
	{
		name: "outEdges",
		type: "directed",
		direction: "out"
	},
	{
		name: "inboundEdges",
		type: "mixed",
		direction: "in"
	},
	{
		name: "outboundEdges",
		type: "mixed",
		direction: "out"
	},
	{
		name: "directedEdges",
		type: "directed"
	},
	{
		name: "undirectedEdges",
		type: "undirected"
	}
];
/**
* Function iterating over edges from the given object to match one of them.
*
* @param {object}   object   - Target object.
* @param {function} callback - Function to call.
*/
function forEachSimple(breakable, object, callback, avoid) {
	let shouldBreak = false;
	for (const k in object) {
		if (k === avoid) continue;
		const edgeData = object[k];
		shouldBreak = callback(edgeData.key, edgeData.attributes, edgeData.source.key, edgeData.target.key, edgeData.source.attributes, edgeData.target.attributes, edgeData.undirected);
		if (breakable && shouldBreak) return edgeData.key;
	}
}
function forEachMulti(breakable, object, callback, avoid) {
	let edgeData, source, target;
	let shouldBreak = false;
	for (const k in object) {
		if (k === avoid) continue;
		edgeData = object[k];
		do {
			source = edgeData.source;
			target = edgeData.target;
			shouldBreak = callback(edgeData.key, edgeData.attributes, source.key, target.key, source.attributes, target.attributes, edgeData.undirected);
			if (breakable && shouldBreak) return edgeData.key;
			edgeData = edgeData.next;
		} while (edgeData !== void 0);
	}
}
/**
* Function returning an iterator over edges from the given object.
*
* @param  {object}   object - Target object.
* @return {Iterator}
*/
function createIterator(object, avoid) {
	const keys = Object.keys(object);
	const l = keys.length;
	let edgeData;
	let i = 0;
	return {
		[Symbol.iterator]() {
			return this;
		},
		next() {
			do
				if (!edgeData) {
					if (i >= l) return { done: true };
					const k = keys[i++];
					if (k === avoid) {
						edgeData = void 0;
						continue;
					}
					edgeData = object[k];
				} else edgeData = edgeData.next;
			while (!edgeData);
			return {
				done: false,
				value: {
					edge: edgeData.key,
					attributes: edgeData.attributes,
					source: edgeData.source.key,
					target: edgeData.target.key,
					sourceAttributes: edgeData.source.attributes,
					targetAttributes: edgeData.target.attributes,
					undirected: edgeData.undirected
				}
			};
		}
	};
}
/**
* Function iterating over the egdes from the object at given key to match
* one of them.
*
* @param {object}   object   - Target object.
* @param {mixed}    k        - Neighbor key.
* @param {function} callback - Callback to use.
*/
function forEachForKeySimple(breakable, object, k, callback) {
	const edgeData = object[k];
	if (!edgeData) return;
	const sourceData = edgeData.source;
	const targetData = edgeData.target;
	if (callback(edgeData.key, edgeData.attributes, sourceData.key, targetData.key, sourceData.attributes, targetData.attributes, edgeData.undirected) && breakable) return edgeData.key;
}
function forEachForKeyMulti(breakable, object, k, callback) {
	let edgeData = object[k];
	if (!edgeData) return;
	let shouldBreak = false;
	do {
		shouldBreak = callback(edgeData.key, edgeData.attributes, edgeData.source.key, edgeData.target.key, edgeData.source.attributes, edgeData.target.attributes, edgeData.undirected);
		if (breakable && shouldBreak) return edgeData.key;
		edgeData = edgeData.next;
	} while (edgeData !== void 0);
}
/**
* Function returning an iterator over the egdes from the object at given key.
*
* @param  {object}   object   - Target object.
* @param  {mixed}    k        - Neighbor key.
* @return {Iterator}
*/
function createIteratorForKey(object, k) {
	let edgeData = object[k];
	if (edgeData.next !== void 0) return {
		[Symbol.iterator]() {
			return this;
		},
		next() {
			if (!edgeData) return { done: true };
			const value = {
				edge: edgeData.key,
				attributes: edgeData.attributes,
				source: edgeData.source.key,
				target: edgeData.target.key,
				sourceAttributes: edgeData.source.attributes,
				targetAttributes: edgeData.target.attributes,
				undirected: edgeData.undirected
			};
			edgeData = edgeData.next;
			return {
				done: false,
				value
			};
		}
	};
	let done = false;
	return {
		[Symbol.iterator]() {
			return this;
		},
		next() {
			if (done === true) return { done: true };
			done = true;
			return {
				done: false,
				value: {
					edge: edgeData.key,
					attributes: edgeData.attributes,
					source: edgeData.source.key,
					target: edgeData.target.key,
					sourceAttributes: edgeData.source.attributes,
					targetAttributes: edgeData.target.attributes,
					undirected: edgeData.undirected
				}
			};
		}
	};
}
/**
* Function creating an array of edges for the given type.
*
* @param  {Graph}   graph - Target Graph instance.
* @param  {string}  type  - Type of edges to retrieve.
* @return {array}         - Array of edges.
*/
function createEdgeArray(graph, type) {
	if (graph.size === 0) return [];
	if (type === "mixed" || type === graph.type) return Array.from(graph._edges.keys());
	const size = type === "undirected" ? graph.undirectedSize : graph.directedSize;
	const list = new Array(size), mask = type === "undirected";
	const iterator = graph._edges.values();
	let i = 0;
	let step, data;
	while (step = iterator.next(), step.done !== true) {
		data = step.value;
		if (data.undirected === mask) list[i++] = data.key;
	}
	return list;
}
/**
* Function iterating over a graph's edges using a callback to match one of
* them.
*
* @param  {Graph}    graph    - Target Graph instance.
* @param  {string}   type     - Type of edges to retrieve.
* @param  {function} callback - Function to call.
*/
function forEachEdge(breakable, graph, type, callback) {
	if (graph.size === 0) return;
	const shouldFilter = type !== "mixed" && type !== graph.type;
	const mask = type === "undirected";
	let step, data;
	let shouldBreak = false;
	const iterator = graph._edges.values();
	while (step = iterator.next(), step.done !== true) {
		data = step.value;
		if (shouldFilter && data.undirected !== mask) continue;
		const { key, attributes, source, target } = data;
		shouldBreak = callback(key, attributes, source.key, target.key, source.attributes, target.attributes, data.undirected);
		if (breakable && shouldBreak) return key;
	}
}
/**
* Function creating an iterator of edges for the given type.
*
* @param  {Graph}    graph - Target Graph instance.
* @param  {string}   type  - Type of edges to retrieve.
* @return {Iterator}
*/
function createEdgeIterator(graph, type) {
	if (graph.size === 0) return emptyIterator();
	const shouldFilter = type !== "mixed" && type !== graph.type;
	const mask = type === "undirected";
	const iterator = graph._edges.values();
	return {
		[Symbol.iterator]() {
			return this;
		},
		next() {
			let step, data;
			while (true) {
				step = iterator.next();
				if (step.done) return step;
				data = step.value;
				if (shouldFilter && data.undirected !== mask) continue;
				break;
			}
			return {
				value: {
					edge: data.key,
					attributes: data.attributes,
					source: data.source.key,
					target: data.target.key,
					sourceAttributes: data.source.attributes,
					targetAttributes: data.target.attributes,
					undirected: data.undirected
				},
				done: false
			};
		}
	};
}
/**
* Function iterating over a node's edges using a callback to match one of them.
*
* @param  {boolean}  multi     - Whether the graph is multi or not.
* @param  {string}   type      - Type of edges to retrieve.
* @param  {string}   direction - In or out?
* @param  {any}      nodeData  - Target node's data.
* @param  {function} callback  - Function to call.
*/
function forEachEdgeForNode(breakable, multi, type, direction, nodeData, callback) {
	const fn = multi ? forEachMulti : forEachSimple;
	let found;
	if (type !== "undirected") {
		if (direction !== "out") {
			found = fn(breakable, nodeData.in, callback);
			if (breakable && found) return found;
		}
		if (direction !== "in") {
			found = fn(breakable, nodeData.out, callback, !direction ? nodeData.key : void 0);
			if (breakable && found) return found;
		}
	}
	if (type !== "directed") {
		found = fn(breakable, nodeData.undirected, callback);
		if (breakable && found) return found;
	}
}
/**
* Function creating an array of edges for the given type & the given node.
*
* @param  {boolean} multi     - Whether the graph is multi or not.
* @param  {string}  type      - Type of edges to retrieve.
* @param  {string}  direction - In or out?
* @param  {any}     nodeData  - Target node's data.
* @return {array}             - Array of edges.
*/
function createEdgeArrayForNode(multi, type, direction, nodeData) {
	const edges = [];
	forEachEdgeForNode(false, multi, type, direction, nodeData, function(key) {
		edges.push(key);
	});
	return edges;
}
/**
* Function iterating over a node's edges using a callback.
*
* @param  {string}   type      - Type of edges to retrieve.
* @param  {string}   direction - In or out?
* @param  {any}      nodeData  - Target node's data.
* @return {Iterator}
*/
function createEdgeIteratorForNode(type, direction, nodeData) {
	let iterator = emptyIterator();
	if (type !== "undirected") {
		if (direction !== "out" && typeof nodeData.in !== "undefined") iterator = chain(iterator, createIterator(nodeData.in));
		if (direction !== "in" && typeof nodeData.out !== "undefined") iterator = chain(iterator, createIterator(nodeData.out, !direction ? nodeData.key : void 0));
	}
	if (type !== "directed" && typeof nodeData.undirected !== "undefined") iterator = chain(iterator, createIterator(nodeData.undirected));
	return iterator;
}
/**
* Function iterating over edges for the given path using a callback to match
* one of them.
*
* @param  {string}   type       - Type of edges to retrieve.
* @param  {boolean}  multi      - Whether the graph is multi.
* @param  {string}   direction  - In or out?
* @param  {NodeData} sourceData - Source node's data.
* @param  {string}   target     - Target node.
* @param  {function} callback   - Function to call.
*/
function forEachEdgeForPath(breakable, type, multi, direction, sourceData, target, callback) {
	const fn = multi ? forEachForKeyMulti : forEachForKeySimple;
	let found;
	if (type !== "undirected") {
		if (typeof sourceData.in !== "undefined" && direction !== "out") {
			found = fn(breakable, sourceData.in, target, callback);
			if (breakable && found) return found;
		}
		if (typeof sourceData.out !== "undefined" && direction !== "in" && (direction || sourceData.key !== target)) {
			found = fn(breakable, sourceData.out, target, callback);
			if (breakable && found) return found;
		}
	}
	if (type !== "directed") {
		if (typeof sourceData.undirected !== "undefined") {
			found = fn(breakable, sourceData.undirected, target, callback);
			if (breakable && found) return found;
		}
	}
}
/**
* Function creating an array of edges for the given path.
*
* @param  {string}   type       - Type of edges to retrieve.
* @param  {boolean}  multi      - Whether the graph is multi.
* @param  {string}   direction  - In or out?
* @param  {NodeData} sourceData - Source node's data.
* @param  {any}      target     - Target node.
* @return {array}               - Array of edges.
*/
function createEdgeArrayForPath(type, multi, direction, sourceData, target) {
	const edges = [];
	forEachEdgeForPath(false, type, multi, direction, sourceData, target, function(key) {
		edges.push(key);
	});
	return edges;
}
/**
* Function returning an iterator over edges for the given path.
*
* @param  {string}   type       - Type of edges to retrieve.
* @param  {string}   direction  - In or out?
* @param  {NodeData} sourceData - Source node's data.
* @param  {string}   target     - Target node.
* @param  {function} callback   - Function to call.
*/
function createEdgeIteratorForPath(type, direction, sourceData, target) {
	let iterator = emptyIterator();
	if (type !== "undirected") {
		if (typeof sourceData.in !== "undefined" && direction !== "out" && target in sourceData.in) iterator = chain(iterator, createIteratorForKey(sourceData.in, target));
		if (typeof sourceData.out !== "undefined" && direction !== "in" && target in sourceData.out && (direction || sourceData.key !== target)) iterator = chain(iterator, createIteratorForKey(sourceData.out, target));
	}
	if (type !== "directed") {
		if (typeof sourceData.undirected !== "undefined" && target in sourceData.undirected) iterator = chain(iterator, createIteratorForKey(sourceData.undirected, target));
	}
	return iterator;
}
/**
* Function attaching an edge array creator method to the Graph prototype.
*
* @param {function} Class       - Target class.
* @param {object}   description - Method description.
*/
function attachEdgeArrayCreator(Class, description) {
	const { name, type, direction } = description;
	/**
	* Function returning an array of certain edges.
	*
	* Arity 0: Return all the relevant edges.
	*
	* Arity 1: Return all of a node's relevant edges.
	* @param  {any}   node   - Target node.
	*
	* Arity 2: Return the relevant edges across the given path.
	* @param  {any}   source - Source node.
	* @param  {any}   target - Target node.
	*
	* @return {array|number} - The edges or the number of edges.
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	Class.prototype[name] = function(source, target) {
		if (type !== "mixed" && this.type !== "mixed" && type !== this.type) return [];
		if (!arguments.length) return createEdgeArray(this, type);
		if (arguments.length === 1) {
			source = "" + source;
			const nodeData = this._nodes.get(source);
			if (typeof nodeData === "undefined") throw new NotFoundGraphError(`Graph.${name}: could not find the "${source}" node in the graph.`);
			return createEdgeArrayForNode(this.multi, type === "mixed" ? this.type : type, direction, nodeData);
		}
		if (arguments.length === 2) {
			source = "" + source;
			target = "" + target;
			const sourceData = this._nodes.get(source);
			if (!sourceData) throw new NotFoundGraphError(`Graph.${name}:  could not find the "${source}" source node in the graph.`);
			if (!this._nodes.has(target)) throw new NotFoundGraphError(`Graph.${name}:  could not find the "${target}" target node in the graph.`);
			return createEdgeArrayForPath(type, this.multi, direction, sourceData, target);
		}
		throw new InvalidArgumentsGraphError(`Graph.${name}: too many arguments (expecting 0, 1 or 2 and got ${arguments.length}).`);
	};
}
/**
* Function attaching a edge callback iterator method to the Graph prototype.
*
* @param {function} Class       - Target class.
* @param {object}   description - Method description.
*/
function attachForEachEdge(Class, description) {
	const { name, type, direction } = description;
	const forEachName = "forEach" + name[0].toUpperCase() + name.slice(1, -1);
	/**
	* Function iterating over the graph's relevant edges by applying the given
	* callback.
	*
	* Arity 1: Iterate over all the relevant edges.
	* @param  {function} callback - Callback to use.
	*
	* Arity 2: Iterate over all of a node's relevant edges.
	* @param  {any}      node     - Target node.
	* @param  {function} callback - Callback to use.
	*
	* Arity 3: Iterate over the relevant edges across the given path.
	* @param  {any}      source   - Source node.
	* @param  {any}      target   - Target node.
	* @param  {function} callback - Callback to use.
	*
	* @return {undefined}
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	Class.prototype[forEachName] = function(source, target, callback) {
		if (type !== "mixed" && this.type !== "mixed" && type !== this.type) return;
		if (arguments.length === 1) {
			callback = source;
			return forEachEdge(false, this, type, callback);
		}
		if (arguments.length === 2) {
			source = "" + source;
			callback = target;
			const nodeData = this._nodes.get(source);
			if (typeof nodeData === "undefined") throw new NotFoundGraphError(`Graph.${forEachName}: could not find the "${source}" node in the graph.`);
			return forEachEdgeForNode(false, this.multi, type === "mixed" ? this.type : type, direction, nodeData, callback);
		}
		if (arguments.length === 3) {
			source = "" + source;
			target = "" + target;
			const sourceData = this._nodes.get(source);
			if (!sourceData) throw new NotFoundGraphError(`Graph.${forEachName}:  could not find the "${source}" source node in the graph.`);
			if (!this._nodes.has(target)) throw new NotFoundGraphError(`Graph.${forEachName}:  could not find the "${target}" target node in the graph.`);
			return forEachEdgeForPath(false, type, this.multi, direction, sourceData, target, callback);
		}
		throw new InvalidArgumentsGraphError(`Graph.${forEachName}: too many arguments (expecting 1, 2 or 3 and got ${arguments.length}).`);
	};
	/**
	* Function mapping the graph's relevant edges by applying the given
	* callback.
	*
	* Arity 1: Map all the relevant edges.
	* @param  {function} callback - Callback to use.
	*
	* Arity 2: Map all of a node's relevant edges.
	* @param  {any}      node     - Target node.
	* @param  {function} callback - Callback to use.
	*
	* Arity 3: Map the relevant edges across the given path.
	* @param  {any}      source   - Source node.
	* @param  {any}      target   - Target node.
	* @param  {function} callback - Callback to use.
	*
	* @return {undefined}
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	const mapName = "map" + name[0].toUpperCase() + name.slice(1);
	Class.prototype[mapName] = function() {
		const args = Array.prototype.slice.call(arguments);
		const callback = args.pop();
		let result;
		if (args.length === 0) {
			let length = 0;
			if (type !== "directed") length += this.undirectedSize;
			if (type !== "undirected") length += this.directedSize;
			result = new Array(length);
			let i = 0;
			args.push((e, ea, s, t, sa, ta, u) => {
				result[i++] = callback(e, ea, s, t, sa, ta, u);
			});
		} else {
			result = [];
			args.push((e, ea, s, t, sa, ta, u) => {
				result.push(callback(e, ea, s, t, sa, ta, u));
			});
		}
		this[forEachName].apply(this, args);
		return result;
	};
	/**
	* Function filtering the graph's relevant edges using the provided predicate
	* function.
	*
	* Arity 1: Filter all the relevant edges.
	* @param  {function} predicate - Predicate to use.
	*
	* Arity 2: Filter all of a node's relevant edges.
	* @param  {any}      node      - Target node.
	* @param  {function} predicate - Predicate to use.
	*
	* Arity 3: Filter the relevant edges across the given path.
	* @param  {any}      source    - Source node.
	* @param  {any}      target    - Target node.
	* @param  {function} predicate - Predicate to use.
	*
	* @return {undefined}
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	const filterName = "filter" + name[0].toUpperCase() + name.slice(1);
	Class.prototype[filterName] = function() {
		const args = Array.prototype.slice.call(arguments);
		const callback = args.pop();
		const result = [];
		args.push((e, ea, s, t, sa, ta, u) => {
			if (callback(e, ea, s, t, sa, ta, u)) result.push(e);
		});
		this[forEachName].apply(this, args);
		return result;
	};
	/**
	* Function reducing the graph's relevant edges using the provided accumulator
	* function.
	*
	* Arity 1: Reduce all the relevant edges.
	* @param  {function} accumulator  - Accumulator to use.
	* @param  {any}      initialValue - Initial value.
	*
	* Arity 2: Reduce all of a node's relevant edges.
	* @param  {any}      node         - Target node.
	* @param  {function} accumulator  - Accumulator to use.
	* @param  {any}      initialValue - Initial value.
	*
	* Arity 3: Reduce the relevant edges across the given path.
	* @param  {any}      source       - Source node.
	* @param  {any}      target       - Target node.
	* @param  {function} accumulator  - Accumulator to use.
	* @param  {any}      initialValue - Initial value.
	*
	* @return {undefined}
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	const reduceName = "reduce" + name[0].toUpperCase() + name.slice(1);
	Class.prototype[reduceName] = function() {
		let args = Array.prototype.slice.call(arguments);
		if (args.length < 2 || args.length > 4) throw new InvalidArgumentsGraphError(`Graph.${reduceName}: invalid number of arguments (expecting 2, 3 or 4 and got ${args.length}).`);
		if (typeof args[args.length - 1] === "function" && typeof args[args.length - 2] !== "function") throw new InvalidArgumentsGraphError(`Graph.${reduceName}: missing initial value. You must provide it because the callback takes more than one argument and we cannot infer the initial value from the first iteration, as you could with a simple array.`);
		let callback;
		let initialValue;
		if (args.length === 2) {
			callback = args[0];
			initialValue = args[1];
			args = [];
		} else if (args.length === 3) {
			callback = args[1];
			initialValue = args[2];
			args = [args[0]];
		} else if (args.length === 4) {
			callback = args[2];
			initialValue = args[3];
			args = [args[0], args[1]];
		}
		let accumulator = initialValue;
		args.push((e, ea, s, t, sa, ta, u) => {
			accumulator = callback(accumulator, e, ea, s, t, sa, ta, u);
		});
		this[forEachName].apply(this, args);
		return accumulator;
	};
}
/**
* Function attaching a breakable edge callback iterator method to the Graph
* prototype.
*
* @param {function} Class       - Target class.
* @param {object}   description - Method description.
*/
function attachFindEdge(Class, description) {
	const { name, type, direction } = description;
	const findEdgeName = "find" + name[0].toUpperCase() + name.slice(1, -1);
	/**
	* Function iterating over the graph's relevant edges in order to match
	* one of them using the provided predicate function.
	*
	* Arity 1: Iterate over all the relevant edges.
	* @param  {function} callback - Callback to use.
	*
	* Arity 2: Iterate over all of a node's relevant edges.
	* @param  {any}      node     - Target node.
	* @param  {function} callback - Callback to use.
	*
	* Arity 3: Iterate over the relevant edges across the given path.
	* @param  {any}      source   - Source node.
	* @param  {any}      target   - Target node.
	* @param  {function} callback - Callback to use.
	*
	* @return {undefined}
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	Class.prototype[findEdgeName] = function(source, target, callback) {
		if (type !== "mixed" && this.type !== "mixed" && type !== this.type) return false;
		if (arguments.length === 1) {
			callback = source;
			return forEachEdge(true, this, type, callback);
		}
		if (arguments.length === 2) {
			source = "" + source;
			callback = target;
			const nodeData = this._nodes.get(source);
			if (typeof nodeData === "undefined") throw new NotFoundGraphError(`Graph.${findEdgeName}: could not find the "${source}" node in the graph.`);
			return forEachEdgeForNode(true, this.multi, type === "mixed" ? this.type : type, direction, nodeData, callback);
		}
		if (arguments.length === 3) {
			source = "" + source;
			target = "" + target;
			const sourceData = this._nodes.get(source);
			if (!sourceData) throw new NotFoundGraphError(`Graph.${findEdgeName}:  could not find the "${source}" source node in the graph.`);
			if (!this._nodes.has(target)) throw new NotFoundGraphError(`Graph.${findEdgeName}:  could not find the "${target}" target node in the graph.`);
			return forEachEdgeForPath(true, type, this.multi, direction, sourceData, target, callback);
		}
		throw new InvalidArgumentsGraphError(`Graph.${findEdgeName}: too many arguments (expecting 1, 2 or 3 and got ${arguments.length}).`);
	};
	/**
	* Function iterating over the graph's relevant edges in order to assert
	* whether any one of them matches the provided predicate function.
	*
	* Arity 1: Iterate over all the relevant edges.
	* @param  {function} callback - Callback to use.
	*
	* Arity 2: Iterate over all of a node's relevant edges.
	* @param  {any}      node     - Target node.
	* @param  {function} callback - Callback to use.
	*
	* Arity 3: Iterate over the relevant edges across the given path.
	* @param  {any}      source   - Source node.
	* @param  {any}      target   - Target node.
	* @param  {function} callback - Callback to use.
	*
	* @return {undefined}
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	const someName = "some" + name[0].toUpperCase() + name.slice(1, -1);
	Class.prototype[someName] = function() {
		const args = Array.prototype.slice.call(arguments);
		const callback = args.pop();
		args.push((e, ea, s, t, sa, ta, u) => {
			return callback(e, ea, s, t, sa, ta, u);
		});
		if (this[findEdgeName].apply(this, args)) return true;
		return false;
	};
	/**
	* Function iterating over the graph's relevant edges in order to assert
	* whether all of them matche the provided predicate function.
	*
	* Arity 1: Iterate over all the relevant edges.
	* @param  {function} callback - Callback to use.
	*
	* Arity 2: Iterate over all of a node's relevant edges.
	* @param  {any}      node     - Target node.
	* @param  {function} callback - Callback to use.
	*
	* Arity 3: Iterate over the relevant edges across the given path.
	* @param  {any}      source   - Source node.
	* @param  {any}      target   - Target node.
	* @param  {function} callback - Callback to use.
	*
	* @return {undefined}
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	const everyName = "every" + name[0].toUpperCase() + name.slice(1, -1);
	Class.prototype[everyName] = function() {
		const args = Array.prototype.slice.call(arguments);
		const callback = args.pop();
		args.push((e, ea, s, t, sa, ta, u) => {
			return !callback(e, ea, s, t, sa, ta, u);
		});
		if (this[findEdgeName].apply(this, args)) return false;
		return true;
	};
}
/**
* Function attaching an edge iterator method to the Graph prototype.
*
* @param {function} Class       - Target class.
* @param {object}   description - Method description.
*/
function attachEdgeIteratorCreator(Class, description) {
	const { name: originalName, type, direction } = description;
	const name = originalName.slice(0, -1) + "Entries";
	/**
	* Function returning an iterator over the graph's edges.
	*
	* Arity 0: Iterate over all the relevant edges.
	*
	* Arity 1: Iterate over all of a node's relevant edges.
	* @param  {any}   node   - Target node.
	*
	* Arity 2: Iterate over the relevant edges across the given path.
	* @param  {any}   source - Source node.
	* @param  {any}   target - Target node.
	*
	* @return {array|number} - The edges or the number of edges.
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	Class.prototype[name] = function(source, target) {
		if (type !== "mixed" && this.type !== "mixed" && type !== this.type) return emptyIterator();
		if (!arguments.length) return createEdgeIterator(this, type);
		if (arguments.length === 1) {
			source = "" + source;
			const sourceData = this._nodes.get(source);
			if (!sourceData) throw new NotFoundGraphError(`Graph.${name}: could not find the "${source}" node in the graph.`);
			return createEdgeIteratorForNode(type, direction, sourceData);
		}
		if (arguments.length === 2) {
			source = "" + source;
			target = "" + target;
			const sourceData = this._nodes.get(source);
			if (!sourceData) throw new NotFoundGraphError(`Graph.${name}:  could not find the "${source}" source node in the graph.`);
			if (!this._nodes.has(target)) throw new NotFoundGraphError(`Graph.${name}:  could not find the "${target}" target node in the graph.`);
			return createEdgeIteratorForPath(type, direction, sourceData, target);
		}
		throw new InvalidArgumentsGraphError(`Graph.${name}: too many arguments (expecting 0, 1 or 2 and got ${arguments.length}).`);
	};
}
/**
* Function attaching every edge iteration method to the Graph class.
*
* @param {function} Graph - Graph class.
*/
function attachEdgeIterationMethods(Graph) {
	EDGES_ITERATION.forEach((description) => {
		attachEdgeArrayCreator(Graph, description);
		attachForEachEdge(Graph, description);
		attachFindEdge(Graph, description);
		attachEdgeIteratorCreator(Graph, description);
	});
}
/**
* Graphology Neighbor Iteration
* ==============================
*
* Attaching some methods to the Graph class to be able to iterate over
* neighbors.
*/
/**
* Definitions.
*/
const NEIGHBORS_ITERATION = [
	{
		name: "neighbors",
		type: "mixed"
	},
	{
		name: "inNeighbors",
		type: "directed",
		direction: "in"
	},
	{
		name: "outNeighbors",
		type: "directed",
		direction: "out"
	},
	{
		name: "inboundNeighbors",
		type: "mixed",
		direction: "in"
	},
	{
		name: "outboundNeighbors",
		type: "mixed",
		direction: "out"
	},
	{
		name: "directedNeighbors",
		type: "directed"
	},
	{
		name: "undirectedNeighbors",
		type: "undirected"
	}
];
/**
* Helpers.
*/
function CompositeSetWrapper() {
	this.A = null;
	this.B = null;
}
CompositeSetWrapper.prototype.wrap = function(set) {
	if (this.A === null) this.A = set;
	else if (this.B === null) this.B = set;
};
CompositeSetWrapper.prototype.has = function(key) {
	if (this.A !== null && key in this.A) return true;
	if (this.B !== null && key in this.B) return true;
	return false;
};
/**
* Function iterating over the given node's relevant neighbors to match
* one of them using a predicated function.
*
* @param  {string}   type      - Type of neighbors.
* @param  {string}   direction - Direction.
* @param  {any}      nodeData  - Target node's data.
* @param  {function} callback  - Callback to use.
*/
function forEachInObjectOnce(breakable, visited, nodeData, object, callback) {
	for (const k in object) {
		const edgeData = object[k];
		const sourceData = edgeData.source;
		const targetData = edgeData.target;
		const neighborData = sourceData === nodeData ? targetData : sourceData;
		if (visited && visited.has(neighborData.key)) continue;
		const shouldBreak = callback(neighborData.key, neighborData.attributes);
		if (breakable && shouldBreak) return neighborData.key;
	}
}
function forEachNeighbor(breakable, type, direction, nodeData, callback) {
	if (type !== "mixed") {
		if (type === "undirected") return forEachInObjectOnce(breakable, null, nodeData, nodeData.undirected, callback);
		if (typeof direction === "string") return forEachInObjectOnce(breakable, null, nodeData, nodeData[direction], callback);
	}
	const visited = new CompositeSetWrapper();
	let found;
	if (type !== "undirected") {
		if (direction !== "out") {
			found = forEachInObjectOnce(breakable, null, nodeData, nodeData.in, callback);
			if (breakable && found) return found;
			visited.wrap(nodeData.in);
		}
		if (direction !== "in") {
			found = forEachInObjectOnce(breakable, visited, nodeData, nodeData.out, callback);
			if (breakable && found) return found;
			visited.wrap(nodeData.out);
		}
	}
	if (type !== "directed") {
		found = forEachInObjectOnce(breakable, visited, nodeData, nodeData.undirected, callback);
		if (breakable && found) return found;
	}
}
/**
* Function creating an array of relevant neighbors for the given node.
*
* @param  {string}       type      - Type of neighbors.
* @param  {string}       direction - Direction.
* @param  {any}          nodeData  - Target node's data.
* @return {Array}                  - The list of neighbors.
*/
function createNeighborArrayForNode(type, direction, nodeData) {
	if (type !== "mixed") {
		if (type === "undirected") return Object.keys(nodeData.undirected);
		if (typeof direction === "string") return Object.keys(nodeData[direction]);
	}
	const neighbors = [];
	forEachNeighbor(false, type, direction, nodeData, function(key) {
		neighbors.push(key);
	});
	return neighbors;
}
/**
* Function returning an iterator over the given node's relevant neighbors.
*
* @param  {string}   type      - Type of neighbors.
* @param  {string}   direction - Direction.
* @param  {any}      nodeData  - Target node's data.
* @return {Iterator}
*/
function createDedupedObjectIterator(visited, nodeData, object) {
	const keys = Object.keys(object);
	const l = keys.length;
	let i = 0;
	return {
		[Symbol.iterator]() {
			return this;
		},
		next() {
			let neighborData = null;
			do {
				if (i >= l) {
					if (visited) visited.wrap(object);
					return { done: true };
				}
				const edgeData = object[keys[i++]];
				const sourceData = edgeData.source;
				const targetData = edgeData.target;
				neighborData = sourceData === nodeData ? targetData : sourceData;
				if (visited && visited.has(neighborData.key)) {
					neighborData = null;
					continue;
				}
			} while (neighborData === null);
			return {
				done: false,
				value: {
					neighbor: neighborData.key,
					attributes: neighborData.attributes
				}
			};
		}
	};
}
function createNeighborIterator(type, direction, nodeData) {
	if (type !== "mixed") {
		if (type === "undirected") return createDedupedObjectIterator(null, nodeData, nodeData.undirected);
		if (typeof direction === "string") return createDedupedObjectIterator(null, nodeData, nodeData[direction]);
	}
	let iterator = emptyIterator();
	const visited = new CompositeSetWrapper();
	if (type !== "undirected") {
		if (direction !== "out") iterator = chain(iterator, createDedupedObjectIterator(visited, nodeData, nodeData.in));
		if (direction !== "in") iterator = chain(iterator, createDedupedObjectIterator(visited, nodeData, nodeData.out));
	}
	if (type !== "directed") iterator = chain(iterator, createDedupedObjectIterator(visited, nodeData, nodeData.undirected));
	return iterator;
}
/**
* Function attaching a neighbors array creator method to the Graph prototype.
*
* @param {function} Class       - Target class.
* @param {object}   description - Method description.
*/
function attachNeighborArrayCreator(Class, description) {
	const { name, type, direction } = description;
	/**
	* Function returning an array of certain neighbors.
	*
	* @param  {any}   node   - Target node.
	* @return {array} - The neighbors of neighbors.
	*
	* @throws {Error} - Will throw if node is not found in the graph.
	*/
	Class.prototype[name] = function(node) {
		if (type !== "mixed" && this.type !== "mixed" && type !== this.type) return [];
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (typeof nodeData === "undefined") throw new NotFoundGraphError(`Graph.${name}: could not find the "${node}" node in the graph.`);
		return createNeighborArrayForNode(type === "mixed" ? this.type : type, direction, nodeData);
	};
}
/**
* Function attaching a neighbors callback iterator method to the Graph prototype.
*
* @param {function} Class       - Target class.
* @param {object}   description - Method description.
*/
function attachForEachNeighbor(Class, description) {
	const { name, type, direction } = description;
	const forEachName = "forEach" + name[0].toUpperCase() + name.slice(1, -1);
	/**
	* Function iterating over all the relevant neighbors using a callback.
	*
	* @param  {any}      node     - Target node.
	* @param  {function} callback - Callback to use.
	* @return {undefined}
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	Class.prototype[forEachName] = function(node, callback) {
		if (type !== "mixed" && this.type !== "mixed" && type !== this.type) return;
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (typeof nodeData === "undefined") throw new NotFoundGraphError(`Graph.${forEachName}: could not find the "${node}" node in the graph.`);
		forEachNeighbor(false, type === "mixed" ? this.type : type, direction, nodeData, callback);
	};
	/**
	* Function mapping the relevant neighbors using a callback.
	*
	* @param  {any}      node     - Target node.
	* @param  {function} callback - Callback to use.
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	const mapName = "map" + name[0].toUpperCase() + name.slice(1);
	Class.prototype[mapName] = function(node, callback) {
		const result = [];
		this[forEachName](node, (n, a) => {
			result.push(callback(n, a));
		});
		return result;
	};
	/**
	* Function filtering the relevant neighbors using a callback.
	*
	* @param  {any}      node     - Target node.
	* @param  {function} callback - Callback to use.
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	const filterName = "filter" + name[0].toUpperCase() + name.slice(1);
	Class.prototype[filterName] = function(node, callback) {
		const result = [];
		this[forEachName](node, (n, a) => {
			if (callback(n, a)) result.push(n);
		});
		return result;
	};
	/**
	* Function reducing the relevant neighbors using a callback.
	*
	* @param  {any}      node     - Target node.
	* @param  {function} callback - Callback to use.
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	const reduceName = "reduce" + name[0].toUpperCase() + name.slice(1);
	Class.prototype[reduceName] = function(node, callback, initialValue) {
		if (arguments.length < 3) throw new InvalidArgumentsGraphError(`Graph.${reduceName}: missing initial value. You must provide it because the callback takes more than one argument and we cannot infer the initial value from the first iteration, as you could with a simple array.`);
		let accumulator = initialValue;
		this[forEachName](node, (n, a) => {
			accumulator = callback(accumulator, n, a);
		});
		return accumulator;
	};
}
/**
* Function attaching a breakable neighbors callback iterator method to the
* Graph prototype.
*
* @param {function} Class       - Target class.
* @param {object}   description - Method description.
*/
function attachFindNeighbor(Class, description) {
	const { name, type, direction } = description;
	const capitalizedSingular = name[0].toUpperCase() + name.slice(1, -1);
	const findName = "find" + capitalizedSingular;
	/**
	* Function iterating over all the relevant neighbors using a callback.
	*
	* @param  {any}      node     - Target node.
	* @param  {function} callback - Callback to use.
	* @return {undefined}
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	Class.prototype[findName] = function(node, callback) {
		if (type !== "mixed" && this.type !== "mixed" && type !== this.type) return;
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (typeof nodeData === "undefined") throw new NotFoundGraphError(`Graph.${findName}: could not find the "${node}" node in the graph.`);
		return forEachNeighbor(true, type === "mixed" ? this.type : type, direction, nodeData, callback);
	};
	/**
	* Function iterating over all the relevant neighbors to find if any of them
	* matches the given predicate.
	*
	* @param  {any}      node     - Target node.
	* @param  {function} callback - Callback to use.
	* @return {boolean}
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	const someName = "some" + capitalizedSingular;
	Class.prototype[someName] = function(node, callback) {
		if (this[findName](node, callback)) return true;
		return false;
	};
	/**
	* Function iterating over all the relevant neighbors to find if all of them
	* matche the given predicate.
	*
	* @param  {any}      node     - Target node.
	* @param  {function} callback - Callback to use.
	* @return {boolean}
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	const everyName = "every" + capitalizedSingular;
	Class.prototype[everyName] = function(node, callback) {
		if (this[findName](node, (n, a) => {
			return !callback(n, a);
		})) return false;
		return true;
	};
}
/**
* Function attaching a neighbors callback iterator method to the Graph prototype.
*
* @param {function} Class       - Target class.
* @param {object}   description - Method description.
*/
function attachNeighborIteratorCreator(Class, description) {
	const { name, type, direction } = description;
	const iteratorName = name.slice(0, -1) + "Entries";
	/**
	* Function returning an iterator over all the relevant neighbors.
	*
	* @param  {any}      node     - Target node.
	* @return {Iterator}
	*
	* @throws {Error} - Will throw if there are too many arguments.
	*/
	Class.prototype[iteratorName] = function(node) {
		if (type !== "mixed" && this.type !== "mixed" && type !== this.type) return emptyIterator();
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (typeof nodeData === "undefined") throw new NotFoundGraphError(`Graph.${iteratorName}: could not find the "${node}" node in the graph.`);
		return createNeighborIterator(type === "mixed" ? this.type : type, direction, nodeData);
	};
}
/**
* Function attaching every neighbor iteration method to the Graph class.
*
* @param {function} Graph - Graph class.
*/
function attachNeighborIterationMethods(Graph) {
	NEIGHBORS_ITERATION.forEach((description) => {
		attachNeighborArrayCreator(Graph, description);
		attachForEachNeighbor(Graph, description);
		attachFindNeighbor(Graph, description);
		attachNeighborIteratorCreator(Graph, description);
	});
}
/**
* Graphology Adjacency Iteration
* ===============================
*
* Attaching some methods to the Graph class to be able to iterate over a
* graph's adjacency.
*/
/**
* Function iterating over a simple graph's adjacency using a callback.
*
* @param {boolean}  breakable         - Can we break?
* @param {boolean}  assymetric        - Whether to emit undirected edges only once.
* @param {boolean}  disconnectedNodes - Whether to emit disconnected nodes.
* @param {Graph}    graph             - Target Graph instance.
* @param {callback} function          - Iteration callback.
*/
function forEachAdjacency(breakable, assymetric, disconnectedNodes, graph, callback) {
	const iterator = graph._nodes.values();
	const type = graph.type;
	let step, sourceData, neighbor, adj, edgeData, targetData, shouldBreak;
	while (step = iterator.next(), step.done !== true) {
		let hasEdges = false;
		sourceData = step.value;
		if (type !== "undirected") {
			adj = sourceData.out;
			for (neighbor in adj) {
				edgeData = adj[neighbor];
				do {
					targetData = edgeData.target;
					hasEdges = true;
					shouldBreak = callback(sourceData.key, targetData.key, sourceData.attributes, targetData.attributes, edgeData.key, edgeData.attributes, edgeData.undirected);
					if (breakable && shouldBreak) return edgeData;
					edgeData = edgeData.next;
				} while (edgeData);
			}
		}
		if (type !== "directed") {
			adj = sourceData.undirected;
			for (neighbor in adj) {
				if (assymetric && sourceData.key > neighbor) continue;
				edgeData = adj[neighbor];
				do {
					targetData = edgeData.target;
					if (targetData.key !== neighbor) targetData = edgeData.source;
					hasEdges = true;
					shouldBreak = callback(sourceData.key, targetData.key, sourceData.attributes, targetData.attributes, edgeData.key, edgeData.attributes, edgeData.undirected);
					if (breakable && shouldBreak) return edgeData;
					edgeData = edgeData.next;
				} while (edgeData);
			}
		}
		if (disconnectedNodes && !hasEdges) {
			shouldBreak = callback(sourceData.key, null, sourceData.attributes, null, null, null, null);
			if (breakable && shouldBreak) return null;
		}
	}
}
/**
* Graphology Serialization Utilities
* ===================================
*
* Collection of functions used by the graph serialization schemes.
*/
/**
* Formats internal node data into a serialized node.
*
* @param  {any}    key  - The node's key.
* @param  {object} data - Internal node's data.
* @return {array}       - The serialized node.
*/
function serializeNode(key, data) {
	const serialized = { key };
	if (!isEmpty(data.attributes)) serialized.attributes = assign({}, data.attributes);
	return serialized;
}
/**
* Formats internal edge data into a serialized edge.
*
* @param  {string} type - The graph's type.
* @param  {any}    key  - The edge's key.
* @param  {object} data - Internal edge's data.
* @return {array}       - The serialized edge.
*/
function serializeEdge(type, key, data) {
	const serialized = {
		key,
		source: data.source.key,
		target: data.target.key
	};
	if (!isEmpty(data.attributes)) serialized.attributes = assign({}, data.attributes);
	if (type === "mixed" && data.undirected) serialized.undirected = true;
	return serialized;
}
/**
* Checks whether the given value is a serialized node.
*
* @param  {mixed} value - Target value.
* @return {string|null}
*/
function validateSerializedNode(value) {
	if (!isPlainObject(value)) throw new InvalidArgumentsGraphError("Graph.import: invalid serialized node. A serialized node should be a plain object with at least a \"key\" property.");
	if (!("key" in value)) throw new InvalidArgumentsGraphError("Graph.import: serialized node is missing its key.");
	if ("attributes" in value && (!isPlainObject(value.attributes) || value.attributes === null)) throw new InvalidArgumentsGraphError("Graph.import: invalid attributes. Attributes should be a plain object, null or omitted.");
}
/**
* Checks whether the given value is a serialized edge.
*
* @param  {mixed} value - Target value.
* @return {string|null}
*/
function validateSerializedEdge(value) {
	if (!isPlainObject(value)) throw new InvalidArgumentsGraphError("Graph.import: invalid serialized edge. A serialized edge should be a plain object with at least a \"source\" & \"target\" property.");
	if (!("source" in value)) throw new InvalidArgumentsGraphError("Graph.import: serialized edge is missing its source.");
	if (!("target" in value)) throw new InvalidArgumentsGraphError("Graph.import: serialized edge is missing its target.");
	if ("attributes" in value && (!isPlainObject(value.attributes) || value.attributes === null)) throw new InvalidArgumentsGraphError("Graph.import: invalid attributes. Attributes should be a plain object, null or omitted.");
	if ("undirected" in value && typeof value.undirected !== "boolean") throw new InvalidArgumentsGraphError("Graph.import: invalid undirectedness information. Undirected should be boolean or omitted.");
}
/**
* Constants.
*/
const INSTANCE_ID = incrementalIdStartingFromRandomByte();
/**
* Enums.
*/
const TYPES = /* @__PURE__ */ new Set([
	"directed",
	"undirected",
	"mixed"
]);
const EMITTER_PROPS = /* @__PURE__ */ new Set([
	"domain",
	"_events",
	"_eventsCount",
	"_maxListeners"
]);
const EDGE_ADD_METHODS = [
	{
		name: (verb) => `${verb}Edge`,
		generateKey: true
	},
	{
		name: (verb) => `${verb}DirectedEdge`,
		generateKey: true,
		type: "directed"
	},
	{
		name: (verb) => `${verb}UndirectedEdge`,
		generateKey: true,
		type: "undirected"
	},
	{ name: (verb) => `${verb}EdgeWithKey` },
	{
		name: (verb) => `${verb}DirectedEdgeWithKey`,
		type: "directed"
	},
	{
		name: (verb) => `${verb}UndirectedEdgeWithKey`,
		type: "undirected"
	}
];
/**
* Default options.
*/
const DEFAULTS = {
	allowSelfLoops: true,
	multi: false,
	type: "mixed"
};
/**
* Abstract functions used by the Graph class for various methods.
*/
/**
* Internal method used to add a node to the given graph
*
* @param  {Graph}   graph           - Target graph.
* @param  {any}     node            - The node's key.
* @param  {object}  [attributes]    - Optional attributes.
* @return {NodeData}                - Created node data.
*/
function addNode(graph, node, attributes) {
	if (attributes && !isPlainObject(attributes)) throw new InvalidArgumentsGraphError(`Graph.addNode: invalid attributes. Expecting an object but got "${attributes}"`);
	node = "" + node;
	attributes = attributes || {};
	if (graph._nodes.has(node)) throw new UsageGraphError(`Graph.addNode: the "${node}" node already exist in the graph.`);
	const data = new graph.NodeDataClass(node, attributes);
	graph._nodes.set(node, data);
	graph.emit("nodeAdded", {
		key: node,
		attributes
	});
	return data;
}
/**
* Same as the above but without sanity checks because we call this in contexts
* where necessary checks were already done.
*/
function unsafeAddNode(graph, node, attributes) {
	const data = new graph.NodeDataClass(node, attributes);
	graph._nodes.set(node, data);
	graph.emit("nodeAdded", {
		key: node,
		attributes
	});
	return data;
}
/**
* Internal method used to add an arbitrary edge to the given graph.
*
* @param  {Graph}   graph           - Target graph.
* @param  {string}  name            - Name of the child method for errors.
* @param  {boolean} mustGenerateKey - Should the graph generate an id?
* @param  {boolean} undirected      - Whether the edge is undirected.
* @param  {any}     edge            - The edge's key.
* @param  {any}     source          - The source node.
* @param  {any}     target          - The target node.
* @param  {object}  [attributes]    - Optional attributes.
* @return {any}                     - The edge.
*
* @throws {Error} - Will throw if the graph is of the wrong type.
* @throws {Error} - Will throw if the given attributes are not an object.
* @throws {Error} - Will throw if source or target doesn't exist.
* @throws {Error} - Will throw if the edge already exist.
*/
function addEdge(graph, name, mustGenerateKey, undirected, edge, source, target, attributes) {
	if (!undirected && graph.type === "undirected") throw new UsageGraphError(`Graph.${name}: you cannot add a directed edge to an undirected graph. Use the #.addEdge or #.addUndirectedEdge instead.`);
	if (undirected && graph.type === "directed") throw new UsageGraphError(`Graph.${name}: you cannot add an undirected edge to a directed graph. Use the #.addEdge or #.addDirectedEdge instead.`);
	if (attributes && !isPlainObject(attributes)) throw new InvalidArgumentsGraphError(`Graph.${name}: invalid attributes. Expecting an object but got "${attributes}"`);
	source = "" + source;
	target = "" + target;
	attributes = attributes || {};
	if (!graph.allowSelfLoops && source === target) throw new UsageGraphError(`Graph.${name}: source & target are the same ("${source}"), thus creating a loop explicitly forbidden by this graph 'allowSelfLoops' option set to false.`);
	const sourceData = graph._nodes.get(source), targetData = graph._nodes.get(target);
	if (!sourceData) throw new NotFoundGraphError(`Graph.${name}: source node "${source}" not found.`);
	if (!targetData) throw new NotFoundGraphError(`Graph.${name}: target node "${target}" not found.`);
	const eventData = {
		key: null,
		undirected,
		source,
		target,
		attributes
	};
	if (mustGenerateKey) edge = graph._edgeKeyGenerator();
	else {
		edge = "" + edge;
		if (graph._edges.has(edge)) throw new UsageGraphError(`Graph.${name}: the "${edge}" edge already exists in the graph.`);
	}
	if (!graph.multi && (undirected ? typeof sourceData.undirected[target] !== "undefined" : typeof sourceData.out[target] !== "undefined")) throw new UsageGraphError(`Graph.${name}: an edge linking "${source}" to "${target}" already exists. If you really want to add multiple edges linking those nodes, you should create a multi graph by using the 'multi' option.`);
	const edgeData = new EdgeData(undirected, edge, sourceData, targetData, attributes);
	graph._edges.set(edge, edgeData);
	const isSelfLoop = source === target;
	if (undirected) {
		sourceData.undirectedDegree++;
		targetData.undirectedDegree++;
		if (isSelfLoop) {
			sourceData.undirectedLoops++;
			graph._undirectedSelfLoopCount++;
		}
	} else {
		sourceData.outDegree++;
		targetData.inDegree++;
		if (isSelfLoop) {
			sourceData.directedLoops++;
			graph._directedSelfLoopCount++;
		}
	}
	if (graph.multi) edgeData.attachMulti();
	else edgeData.attach();
	if (undirected) graph._undirectedSize++;
	else graph._directedSize++;
	eventData.key = edge;
	graph.emit("edgeAdded", eventData);
	return edge;
}
/**
* Internal method used to add an arbitrary edge to the given graph.
*
* @param  {Graph}   graph           - Target graph.
* @param  {string}  name            - Name of the child method for errors.
* @param  {boolean} mustGenerateKey - Should the graph generate an id?
* @param  {boolean} undirected      - Whether the edge is undirected.
* @param  {any}     edge            - The edge's key.
* @param  {any}     source          - The source node.
* @param  {any}     target          - The target node.
* @param  {object}  [attributes]    - Optional attributes.
* @param  {boolean} [asUpdater]       - Are we updating or merging?
* @return {any}                     - The edge.
*
* @throws {Error} - Will throw if the graph is of the wrong type.
* @throws {Error} - Will throw if the given attributes are not an object.
* @throws {Error} - Will throw if source or target doesn't exist.
* @throws {Error} - Will throw if the edge already exist.
*/
function mergeEdge(graph, name, mustGenerateKey, undirected, edge, source, target, attributes, asUpdater) {
	if (!undirected && graph.type === "undirected") throw new UsageGraphError(`Graph.${name}: you cannot merge/update a directed edge to an undirected graph. Use the #.mergeEdge/#.updateEdge or #.addUndirectedEdge instead.`);
	if (undirected && graph.type === "directed") throw new UsageGraphError(`Graph.${name}: you cannot merge/update an undirected edge to a directed graph. Use the #.mergeEdge/#.updateEdge or #.addDirectedEdge instead.`);
	if (attributes) {
		if (asUpdater) {
			if (typeof attributes !== "function") throw new InvalidArgumentsGraphError(`Graph.${name}: invalid updater function. Expecting a function but got "${attributes}"`);
		} else if (!isPlainObject(attributes)) throw new InvalidArgumentsGraphError(`Graph.${name}: invalid attributes. Expecting an object but got "${attributes}"`);
	}
	source = "" + source;
	target = "" + target;
	let updater;
	if (asUpdater) {
		updater = attributes;
		attributes = void 0;
	}
	if (!graph.allowSelfLoops && source === target) throw new UsageGraphError(`Graph.${name}: source & target are the same ("${source}"), thus creating a loop explicitly forbidden by this graph 'allowSelfLoops' option set to false.`);
	let sourceData = graph._nodes.get(source);
	let targetData = graph._nodes.get(target);
	let edgeData;
	let alreadyExistingEdgeData;
	if (!mustGenerateKey) {
		edgeData = graph._edges.get(edge);
		if (edgeData) {
			if (edgeData.source.key !== source || edgeData.target.key !== target) {
				if (!undirected || edgeData.source.key !== target || edgeData.target.key !== source) throw new UsageGraphError(`Graph.${name}: inconsistency detected when attempting to merge the "${edge}" edge with "${source}" source & "${target}" target vs. ("${edgeData.source.key}", "${edgeData.target.key}").`);
			}
			alreadyExistingEdgeData = edgeData;
		}
	}
	if (!alreadyExistingEdgeData && !graph.multi && sourceData) alreadyExistingEdgeData = undirected ? sourceData.undirected[target] : sourceData.out[target];
	if (alreadyExistingEdgeData) {
		const info = [
			alreadyExistingEdgeData.key,
			false,
			false,
			false
		];
		if (asUpdater ? !updater : !attributes) return info;
		if (asUpdater) {
			const oldAttributes = alreadyExistingEdgeData.attributes;
			alreadyExistingEdgeData.attributes = updater(oldAttributes);
			graph.emit("edgeAttributesUpdated", {
				type: "replace",
				key: alreadyExistingEdgeData.key,
				attributes: alreadyExistingEdgeData.attributes
			});
		} else {
			assign(alreadyExistingEdgeData.attributes, attributes);
			graph.emit("edgeAttributesUpdated", {
				type: "merge",
				key: alreadyExistingEdgeData.key,
				attributes: alreadyExistingEdgeData.attributes,
				data: attributes
			});
		}
		return info;
	}
	attributes = attributes || {};
	if (asUpdater && updater) attributes = updater(attributes);
	const eventData = {
		key: null,
		undirected,
		source,
		target,
		attributes
	};
	if (mustGenerateKey) edge = graph._edgeKeyGenerator();
	else {
		edge = "" + edge;
		if (graph._edges.has(edge)) throw new UsageGraphError(`Graph.${name}: the "${edge}" edge already exists in the graph.`);
	}
	let sourceWasAdded = false;
	let targetWasAdded = false;
	if (!sourceData) {
		sourceData = unsafeAddNode(graph, source, {});
		sourceWasAdded = true;
		if (source === target) {
			targetData = sourceData;
			targetWasAdded = true;
		}
	}
	if (!targetData) {
		targetData = unsafeAddNode(graph, target, {});
		targetWasAdded = true;
	}
	edgeData = new EdgeData(undirected, edge, sourceData, targetData, attributes);
	graph._edges.set(edge, edgeData);
	const isSelfLoop = source === target;
	if (undirected) {
		sourceData.undirectedDegree++;
		targetData.undirectedDegree++;
		if (isSelfLoop) {
			sourceData.undirectedLoops++;
			graph._undirectedSelfLoopCount++;
		}
	} else {
		sourceData.outDegree++;
		targetData.inDegree++;
		if (isSelfLoop) {
			sourceData.directedLoops++;
			graph._directedSelfLoopCount++;
		}
	}
	if (graph.multi) edgeData.attachMulti();
	else edgeData.attach();
	if (undirected) graph._undirectedSize++;
	else graph._directedSize++;
	eventData.key = edge;
	graph.emit("edgeAdded", eventData);
	return [
		edge,
		true,
		sourceWasAdded,
		targetWasAdded
	];
}
/**
* Internal method used to drop an edge.
*
* @param  {Graph}    graph    - Target graph.
* @param  {EdgeData} edgeData - Data of the edge to drop.
*/
function dropEdgeFromData(graph, edgeData) {
	graph._edges.delete(edgeData.key);
	const { source: sourceData, target: targetData, attributes } = edgeData;
	const undirected = edgeData.undirected;
	const isSelfLoop = sourceData === targetData;
	if (undirected) {
		sourceData.undirectedDegree--;
		targetData.undirectedDegree--;
		if (isSelfLoop) {
			sourceData.undirectedLoops--;
			graph._undirectedSelfLoopCount--;
		}
	} else {
		sourceData.outDegree--;
		targetData.inDegree--;
		if (isSelfLoop) {
			sourceData.directedLoops--;
			graph._directedSelfLoopCount--;
		}
	}
	if (graph.multi) edgeData.detachMulti();
	else edgeData.detach();
	if (undirected) graph._undirectedSize--;
	else graph._directedSize--;
	graph.emit("edgeDropped", {
		key: edgeData.key,
		attributes,
		source: sourceData.key,
		target: targetData.key,
		undirected
	});
}
/**
* Graph class
*
* @constructor
* @param  {object}  [options] - Options:
* @param  {boolean}   [allowSelfLoops] - Allow self loops?
* @param  {string}    [type]           - Type of the graph.
* @param  {boolean}   [map]            - Allow references as keys?
* @param  {boolean}   [multi]          - Allow parallel edges?
*
* @throws {Error} - Will throw if the arguments are not valid.
*/
var Graph = class Graph extends EventEmitter {
	constructor(options) {
		super();
		options = assign({}, DEFAULTS, options);
		if (typeof options.multi !== "boolean") throw new InvalidArgumentsGraphError(`Graph.constructor: invalid 'multi' option. Expecting a boolean but got "${options.multi}".`);
		if (!TYPES.has(options.type)) throw new InvalidArgumentsGraphError(`Graph.constructor: invalid 'type' option. Should be one of "mixed", "directed" or "undirected" but got "${options.type}".`);
		if (typeof options.allowSelfLoops !== "boolean") throw new InvalidArgumentsGraphError(`Graph.constructor: invalid 'allowSelfLoops' option. Expecting a boolean but got "${options.allowSelfLoops}".`);
		const NodeDataClass = options.type === "mixed" ? MixedNodeData : options.type === "directed" ? DirectedNodeData : UndirectedNodeData;
		privateProperty(this, "NodeDataClass", NodeDataClass);
		const instancePrefix = "geid_" + INSTANCE_ID() + "_";
		let edgeId = 0;
		const edgeKeyGenerator = () => {
			let availableEdgeKey;
			do
				availableEdgeKey = instancePrefix + edgeId++;
			while (this._edges.has(availableEdgeKey));
			return availableEdgeKey;
		};
		privateProperty(this, "_attributes", {});
		privateProperty(this, "_nodes", /* @__PURE__ */ new Map());
		privateProperty(this, "_edges", /* @__PURE__ */ new Map());
		privateProperty(this, "_directedSize", 0);
		privateProperty(this, "_undirectedSize", 0);
		privateProperty(this, "_directedSelfLoopCount", 0);
		privateProperty(this, "_undirectedSelfLoopCount", 0);
		privateProperty(this, "_edgeKeyGenerator", edgeKeyGenerator);
		privateProperty(this, "_options", options);
		EMITTER_PROPS.forEach((prop) => privateProperty(this, prop, this[prop]));
		readOnlyProperty(this, "order", () => this._nodes.size);
		readOnlyProperty(this, "size", () => this._edges.size);
		readOnlyProperty(this, "directedSize", () => this._directedSize);
		readOnlyProperty(this, "undirectedSize", () => this._undirectedSize);
		readOnlyProperty(this, "selfLoopCount", () => this._directedSelfLoopCount + this._undirectedSelfLoopCount);
		readOnlyProperty(this, "directedSelfLoopCount", () => this._directedSelfLoopCount);
		readOnlyProperty(this, "undirectedSelfLoopCount", () => this._undirectedSelfLoopCount);
		readOnlyProperty(this, "multi", this._options.multi);
		readOnlyProperty(this, "type", this._options.type);
		readOnlyProperty(this, "allowSelfLoops", this._options.allowSelfLoops);
		readOnlyProperty(this, "implementation", () => "graphology");
	}
	_resetInstanceCounters() {
		this._directedSize = 0;
		this._undirectedSize = 0;
		this._directedSelfLoopCount = 0;
		this._undirectedSelfLoopCount = 0;
	}
	/**---------------------------------------------------------------------------
	* Read
	**---------------------------------------------------------------------------
	*/
	/**
	* Method returning whether the given node is found in the graph.
	*
	* @param  {any}     node - The node.
	* @return {boolean}
	*/
	hasNode(node) {
		return this._nodes.has("" + node);
	}
	/**
	* Method returning whether the given directed edge is found in the graph.
	*
	* Arity 1:
	* @param  {any}     edge - The edge's key.
	*
	* Arity 2:
	* @param  {any}     source - The edge's source.
	* @param  {any}     target - The edge's target.
	*
	* @return {boolean}
	*
	* @throws {Error} - Will throw if the arguments are invalid.
	*/
	hasDirectedEdge(source, target) {
		if (this.type === "undirected") return false;
		if (arguments.length === 1) {
			const edge = "" + source;
			const edgeData = this._edges.get(edge);
			return !!edgeData && !edgeData.undirected;
		} else if (arguments.length === 2) {
			source = "" + source;
			target = "" + target;
			const nodeData = this._nodes.get(source);
			if (!nodeData) return false;
			return nodeData.out.hasOwnProperty(target);
		}
		throw new InvalidArgumentsGraphError(`Graph.hasDirectedEdge: invalid arity (${arguments.length}, instead of 1 or 2). You can either ask for an edge id or for the existence of an edge between a source & a target.`);
	}
	/**
	* Method returning whether the given undirected edge is found in the graph.
	*
	* Arity 1:
	* @param  {any}     edge - The edge's key.
	*
	* Arity 2:
	* @param  {any}     source - The edge's source.
	* @param  {any}     target - The edge's target.
	*
	* @return {boolean}
	*
	* @throws {Error} - Will throw if the arguments are invalid.
	*/
	hasUndirectedEdge(source, target) {
		if (this.type === "directed") return false;
		if (arguments.length === 1) {
			const edge = "" + source;
			const edgeData = this._edges.get(edge);
			return !!edgeData && edgeData.undirected;
		} else if (arguments.length === 2) {
			source = "" + source;
			target = "" + target;
			const nodeData = this._nodes.get(source);
			if (!nodeData) return false;
			return nodeData.undirected.hasOwnProperty(target);
		}
		throw new InvalidArgumentsGraphError(`Graph.hasDirectedEdge: invalid arity (${arguments.length}, instead of 1 or 2). You can either ask for an edge id or for the existence of an edge between a source & a target.`);
	}
	/**
	* Method returning whether the given edge is found in the graph.
	*
	* Arity 1:
	* @param  {any}     edge - The edge's key.
	*
	* Arity 2:
	* @param  {any}     source - The edge's source.
	* @param  {any}     target - The edge's target.
	*
	* @return {boolean}
	*
	* @throws {Error} - Will throw if the arguments are invalid.
	*/
	hasEdge(source, target) {
		if (arguments.length === 1) {
			const edge = "" + source;
			return this._edges.has(edge);
		} else if (arguments.length === 2) {
			source = "" + source;
			target = "" + target;
			const nodeData = this._nodes.get(source);
			if (!nodeData) return false;
			return typeof nodeData.out !== "undefined" && nodeData.out.hasOwnProperty(target) || typeof nodeData.undirected !== "undefined" && nodeData.undirected.hasOwnProperty(target);
		}
		throw new InvalidArgumentsGraphError(`Graph.hasEdge: invalid arity (${arguments.length}, instead of 1 or 2). You can either ask for an edge id or for the existence of an edge between a source & a target.`);
	}
	/**
	* Method returning the edge matching source & target in a directed fashion.
	*
	* @param  {any} source - The edge's source.
	* @param  {any} target - The edge's target.
	*
	* @return {any|undefined}
	*
	* @throws {Error} - Will throw if the graph is multi.
	* @throws {Error} - Will throw if source or target doesn't exist.
	*/
	directedEdge(source, target) {
		if (this.type === "undirected") return;
		source = "" + source;
		target = "" + target;
		if (this.multi) throw new UsageGraphError("Graph.directedEdge: this method is irrelevant with multigraphs since there might be multiple edges between source & target. See #.directedEdges instead.");
		const sourceData = this._nodes.get(source);
		if (!sourceData) throw new NotFoundGraphError(`Graph.directedEdge: could not find the "${source}" source node in the graph.`);
		if (!this._nodes.has(target)) throw new NotFoundGraphError(`Graph.directedEdge: could not find the "${target}" target node in the graph.`);
		const edgeData = sourceData.out && sourceData.out[target] || void 0;
		if (edgeData) return edgeData.key;
	}
	/**
	* Method returning the edge matching source & target in a undirected fashion.
	*
	* @param  {any} source - The edge's source.
	* @param  {any} target - The edge's target.
	*
	* @return {any|undefined}
	*
	* @throws {Error} - Will throw if the graph is multi.
	* @throws {Error} - Will throw if source or target doesn't exist.
	*/
	undirectedEdge(source, target) {
		if (this.type === "directed") return;
		source = "" + source;
		target = "" + target;
		if (this.multi) throw new UsageGraphError("Graph.undirectedEdge: this method is irrelevant with multigraphs since there might be multiple edges between source & target. See #.undirectedEdges instead.");
		const sourceData = this._nodes.get(source);
		if (!sourceData) throw new NotFoundGraphError(`Graph.undirectedEdge: could not find the "${source}" source node in the graph.`);
		if (!this._nodes.has(target)) throw new NotFoundGraphError(`Graph.undirectedEdge: could not find the "${target}" target node in the graph.`);
		const edgeData = sourceData.undirected && sourceData.undirected[target] || void 0;
		if (edgeData) return edgeData.key;
	}
	/**
	* Method returning the edge matching source & target in a mixed fashion.
	*
	* @param  {any} source - The edge's source.
	* @param  {any} target - The edge's target.
	*
	* @return {any|undefined}
	*
	* @throws {Error} - Will throw if the graph is multi.
	* @throws {Error} - Will throw if source or target doesn't exist.
	*/
	edge(source, target) {
		if (this.multi) throw new UsageGraphError("Graph.edge: this method is irrelevant with multigraphs since there might be multiple edges between source & target. See #.edges instead.");
		source = "" + source;
		target = "" + target;
		const sourceData = this._nodes.get(source);
		if (!sourceData) throw new NotFoundGraphError(`Graph.edge: could not find the "${source}" source node in the graph.`);
		if (!this._nodes.has(target)) throw new NotFoundGraphError(`Graph.edge: could not find the "${target}" target node in the graph.`);
		const edgeData = sourceData.out && sourceData.out[target] || sourceData.undirected && sourceData.undirected[target] || void 0;
		if (edgeData) return edgeData.key;
	}
	/**
	* Method returning whether two nodes are directed neighbors.
	*
	* @param  {any}     node     - The node's key.
	* @param  {any}     neighbor - The neighbor's key.
	* @return {boolean}
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	areDirectedNeighbors(node, neighbor) {
		node = "" + node;
		neighbor = "" + neighbor;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.areDirectedNeighbors: could not find the "${node}" node in the graph.`);
		if (this.type === "undirected") return false;
		return neighbor in nodeData.in || neighbor in nodeData.out;
	}
	/**
	* Method returning whether two nodes are out neighbors.
	*
	* @param  {any}     node     - The node's key.
	* @param  {any}     neighbor - The neighbor's key.
	* @return {boolean}
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	areOutNeighbors(node, neighbor) {
		node = "" + node;
		neighbor = "" + neighbor;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.areOutNeighbors: could not find the "${node}" node in the graph.`);
		if (this.type === "undirected") return false;
		return neighbor in nodeData.out;
	}
	/**
	* Method returning whether two nodes are in neighbors.
	*
	* @param  {any}     node     - The node's key.
	* @param  {any}     neighbor - The neighbor's key.
	* @return {boolean}
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	areInNeighbors(node, neighbor) {
		node = "" + node;
		neighbor = "" + neighbor;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.areInNeighbors: could not find the "${node}" node in the graph.`);
		if (this.type === "undirected") return false;
		return neighbor in nodeData.in;
	}
	/**
	* Method returning whether two nodes are undirected neighbors.
	*
	* @param  {any}     node     - The node's key.
	* @param  {any}     neighbor - The neighbor's key.
	* @return {boolean}
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	areUndirectedNeighbors(node, neighbor) {
		node = "" + node;
		neighbor = "" + neighbor;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.areUndirectedNeighbors: could not find the "${node}" node in the graph.`);
		if (this.type === "directed") return false;
		return neighbor in nodeData.undirected;
	}
	/**
	* Method returning whether two nodes are neighbors.
	*
	* @param  {any}     node     - The node's key.
	* @param  {any}     neighbor - The neighbor's key.
	* @return {boolean}
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	areNeighbors(node, neighbor) {
		node = "" + node;
		neighbor = "" + neighbor;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.areNeighbors: could not find the "${node}" node in the graph.`);
		if (this.type !== "undirected") {
			if (neighbor in nodeData.in || neighbor in nodeData.out) return true;
		}
		if (this.type !== "directed") {
			if (neighbor in nodeData.undirected) return true;
		}
		return false;
	}
	/**
	* Method returning whether two nodes are inbound neighbors.
	*
	* @param  {any}     node     - The node's key.
	* @param  {any}     neighbor - The neighbor's key.
	* @return {boolean}
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	areInboundNeighbors(node, neighbor) {
		node = "" + node;
		neighbor = "" + neighbor;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.areInboundNeighbors: could not find the "${node}" node in the graph.`);
		if (this.type !== "undirected") {
			if (neighbor in nodeData.in) return true;
		}
		if (this.type !== "directed") {
			if (neighbor in nodeData.undirected) return true;
		}
		return false;
	}
	/**
	* Method returning whether two nodes are outbound neighbors.
	*
	* @param  {any}     node     - The node's key.
	* @param  {any}     neighbor - The neighbor's key.
	* @return {boolean}
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	areOutboundNeighbors(node, neighbor) {
		node = "" + node;
		neighbor = "" + neighbor;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.areOutboundNeighbors: could not find the "${node}" node in the graph.`);
		if (this.type !== "undirected") {
			if (neighbor in nodeData.out) return true;
		}
		if (this.type !== "directed") {
			if (neighbor in nodeData.undirected) return true;
		}
		return false;
	}
	/**
	* Method returning the given node's in degree.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's in degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	inDegree(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.inDegree: could not find the "${node}" node in the graph.`);
		if (this.type === "undirected") return 0;
		return nodeData.inDegree;
	}
	/**
	* Method returning the given node's out degree.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's in degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	outDegree(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.outDegree: could not find the "${node}" node in the graph.`);
		if (this.type === "undirected") return 0;
		return nodeData.outDegree;
	}
	/**
	* Method returning the given node's directed degree.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's in degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	directedDegree(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.directedDegree: could not find the "${node}" node in the graph.`);
		if (this.type === "undirected") return 0;
		return nodeData.inDegree + nodeData.outDegree;
	}
	/**
	* Method returning the given node's undirected degree.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's in degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	undirectedDegree(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.undirectedDegree: could not find the "${node}" node in the graph.`);
		if (this.type === "directed") return 0;
		return nodeData.undirectedDegree;
	}
	/**
	* Method returning the given node's inbound degree.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's inbound degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	inboundDegree(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.inboundDegree: could not find the "${node}" node in the graph.`);
		let degree = 0;
		if (this.type !== "directed") degree += nodeData.undirectedDegree;
		if (this.type !== "undirected") degree += nodeData.inDegree;
		return degree;
	}
	/**
	* Method returning the given node's outbound degree.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's outbound degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	outboundDegree(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.outboundDegree: could not find the "${node}" node in the graph.`);
		let degree = 0;
		if (this.type !== "directed") degree += nodeData.undirectedDegree;
		if (this.type !== "undirected") degree += nodeData.outDegree;
		return degree;
	}
	/**
	* Method returning the given node's directed degree.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	degree(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.degree: could not find the "${node}" node in the graph.`);
		let degree = 0;
		if (this.type !== "directed") degree += nodeData.undirectedDegree;
		if (this.type !== "undirected") degree += nodeData.inDegree + nodeData.outDegree;
		return degree;
	}
	/**
	* Method returning the given node's in degree without considering self loops.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's in degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	inDegreeWithoutSelfLoops(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.inDegreeWithoutSelfLoops: could not find the "${node}" node in the graph.`);
		if (this.type === "undirected") return 0;
		return nodeData.inDegree - nodeData.directedLoops;
	}
	/**
	* Method returning the given node's out degree without considering self loops.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's in degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	outDegreeWithoutSelfLoops(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.outDegreeWithoutSelfLoops: could not find the "${node}" node in the graph.`);
		if (this.type === "undirected") return 0;
		return nodeData.outDegree - nodeData.directedLoops;
	}
	/**
	* Method returning the given node's directed degree without considering self loops.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's in degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	directedDegreeWithoutSelfLoops(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.directedDegreeWithoutSelfLoops: could not find the "${node}" node in the graph.`);
		if (this.type === "undirected") return 0;
		return nodeData.inDegree + nodeData.outDegree - nodeData.directedLoops * 2;
	}
	/**
	* Method returning the given node's undirected degree without considering self loops.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's in degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	undirectedDegreeWithoutSelfLoops(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.undirectedDegreeWithoutSelfLoops: could not find the "${node}" node in the graph.`);
		if (this.type === "directed") return 0;
		return nodeData.undirectedDegree - nodeData.undirectedLoops * 2;
	}
	/**
	* Method returning the given node's inbound degree without considering self loops.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's inbound degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	inboundDegreeWithoutSelfLoops(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.inboundDegreeWithoutSelfLoops: could not find the "${node}" node in the graph.`);
		let degree = 0;
		let loops = 0;
		if (this.type !== "directed") {
			degree += nodeData.undirectedDegree;
			loops += nodeData.undirectedLoops * 2;
		}
		if (this.type !== "undirected") {
			degree += nodeData.inDegree;
			loops += nodeData.directedLoops;
		}
		return degree - loops;
	}
	/**
	* Method returning the given node's outbound degree without considering self loops.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's outbound degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	outboundDegreeWithoutSelfLoops(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.outboundDegreeWithoutSelfLoops: could not find the "${node}" node in the graph.`);
		let degree = 0;
		let loops = 0;
		if (this.type !== "directed") {
			degree += nodeData.undirectedDegree;
			loops += nodeData.undirectedLoops * 2;
		}
		if (this.type !== "undirected") {
			degree += nodeData.outDegree;
			loops += nodeData.directedLoops;
		}
		return degree - loops;
	}
	/**
	* Method returning the given node's directed degree without considering self loops.
	*
	* @param  {any}     node - The node's key.
	* @return {number}       - The node's degree.
	*
	* @throws {Error} - Will throw if the node isn't in the graph.
	*/
	degreeWithoutSelfLoops(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.degreeWithoutSelfLoops: could not find the "${node}" node in the graph.`);
		let degree = 0;
		let loops = 0;
		if (this.type !== "directed") {
			degree += nodeData.undirectedDegree;
			loops += nodeData.undirectedLoops * 2;
		}
		if (this.type !== "undirected") {
			degree += nodeData.inDegree + nodeData.outDegree;
			loops += nodeData.directedLoops * 2;
		}
		return degree - loops;
	}
	/**
	* Method returning the given edge's source.
	*
	* @param  {any} edge - The edge's key.
	* @return {any}      - The edge's source.
	*
	* @throws {Error} - Will throw if the edge isn't in the graph.
	*/
	source(edge) {
		edge = "" + edge;
		const data = this._edges.get(edge);
		if (!data) throw new NotFoundGraphError(`Graph.source: could not find the "${edge}" edge in the graph.`);
		return data.source.key;
	}
	/**
	* Method returning the given edge's target.
	*
	* @param  {any} edge - The edge's key.
	* @return {any}      - The edge's target.
	*
	* @throws {Error} - Will throw if the edge isn't in the graph.
	*/
	target(edge) {
		edge = "" + edge;
		const data = this._edges.get(edge);
		if (!data) throw new NotFoundGraphError(`Graph.target: could not find the "${edge}" edge in the graph.`);
		return data.target.key;
	}
	/**
	* Method returning the given edge's extremities.
	*
	* @param  {any}   edge - The edge's key.
	* @return {array}      - The edge's extremities.
	*
	* @throws {Error} - Will throw if the edge isn't in the graph.
	*/
	extremities(edge) {
		edge = "" + edge;
		const edgeData = this._edges.get(edge);
		if (!edgeData) throw new NotFoundGraphError(`Graph.extremities: could not find the "${edge}" edge in the graph.`);
		return [edgeData.source.key, edgeData.target.key];
	}
	/**
	* Given a node & an edge, returns the other extremity of the edge.
	*
	* @param  {any}   node - The node's key.
	* @param  {any}   edge - The edge's key.
	* @return {any}        - The related node.
	*
	* @throws {Error} - Will throw if the edge isn't in the graph or if the
	*                   edge & node are not related.
	*/
	opposite(node, edge) {
		node = "" + node;
		edge = "" + edge;
		const data = this._edges.get(edge);
		if (!data) throw new NotFoundGraphError(`Graph.opposite: could not find the "${edge}" edge in the graph.`);
		const source = data.source.key;
		const target = data.target.key;
		if (node === source) return target;
		if (node === target) return source;
		throw new NotFoundGraphError(`Graph.opposite: the "${node}" node is not attached to the "${edge}" edge (${source}, ${target}).`);
	}
	/**
	* Returns whether the given edge has the given node as extremity.
	*
	* @param  {any}     edge - The edge's key.
	* @param  {any}     node - The node's key.
	* @return {boolean}      - The related node.
	*
	* @throws {Error} - Will throw if either the node or the edge isn't in the graph.
	*/
	hasExtremity(edge, node) {
		edge = "" + edge;
		node = "" + node;
		const data = this._edges.get(edge);
		if (!data) throw new NotFoundGraphError(`Graph.hasExtremity: could not find the "${edge}" edge in the graph.`);
		return data.source.key === node || data.target.key === node;
	}
	/**
	* Method returning whether the given edge is undirected.
	*
	* @param  {any}     edge - The edge's key.
	* @return {boolean}
	*
	* @throws {Error} - Will throw if the edge isn't in the graph.
	*/
	isUndirected(edge) {
		edge = "" + edge;
		const data = this._edges.get(edge);
		if (!data) throw new NotFoundGraphError(`Graph.isUndirected: could not find the "${edge}" edge in the graph.`);
		return data.undirected;
	}
	/**
	* Method returning whether the given edge is directed.
	*
	* @param  {any}     edge - The edge's key.
	* @return {boolean}
	*
	* @throws {Error} - Will throw if the edge isn't in the graph.
	*/
	isDirected(edge) {
		edge = "" + edge;
		const data = this._edges.get(edge);
		if (!data) throw new NotFoundGraphError(`Graph.isDirected: could not find the "${edge}" edge in the graph.`);
		return !data.undirected;
	}
	/**
	* Method returning whether the given edge is a self loop.
	*
	* @param  {any}     edge - The edge's key.
	* @return {boolean}
	*
	* @throws {Error} - Will throw if the edge isn't in the graph.
	*/
	isSelfLoop(edge) {
		edge = "" + edge;
		const data = this._edges.get(edge);
		if (!data) throw new NotFoundGraphError(`Graph.isSelfLoop: could not find the "${edge}" edge in the graph.`);
		return data.source === data.target;
	}
	/**---------------------------------------------------------------------------
	* Mutation
	**---------------------------------------------------------------------------
	*/
	/**
	* Method used to add a node to the graph.
	*
	* @param  {any}    node         - The node.
	* @param  {object} [attributes] - Optional attributes.
	* @return {any}                 - The node.
	*
	* @throws {Error} - Will throw if the given node already exist.
	* @throws {Error} - Will throw if the given attributes are not an object.
	*/
	addNode(node, attributes) {
		return addNode(this, node, attributes).key;
	}
	/**
	* Method used to merge a node into the graph.
	*
	* @param  {any}    node         - The node.
	* @param  {object} [attributes] - Optional attributes.
	* @return {any}                 - The node.
	*/
	mergeNode(node, attributes) {
		if (attributes && !isPlainObject(attributes)) throw new InvalidArgumentsGraphError(`Graph.mergeNode: invalid attributes. Expecting an object but got "${attributes}"`);
		node = "" + node;
		attributes = attributes || {};
		let data = this._nodes.get(node);
		if (data) {
			if (attributes) {
				assign(data.attributes, attributes);
				this.emit("nodeAttributesUpdated", {
					type: "merge",
					key: node,
					attributes: data.attributes,
					data: attributes
				});
			}
			return [node, false];
		}
		data = new this.NodeDataClass(node, attributes);
		this._nodes.set(node, data);
		this.emit("nodeAdded", {
			key: node,
			attributes
		});
		return [node, true];
	}
	/**
	* Method used to add a node if it does not exist in the graph or else to
	* update its attributes using a function.
	*
	* @param  {any}      node      - The node.
	* @param  {function} [updater] - Optional updater function.
	* @return {any}                - The node.
	*/
	updateNode(node, updater) {
		if (updater && typeof updater !== "function") throw new InvalidArgumentsGraphError(`Graph.updateNode: invalid updater function. Expecting a function but got "${updater}"`);
		node = "" + node;
		let data = this._nodes.get(node);
		if (data) {
			if (updater) {
				const oldAttributes = data.attributes;
				data.attributes = updater(oldAttributes);
				this.emit("nodeAttributesUpdated", {
					type: "replace",
					key: node,
					attributes: data.attributes
				});
			}
			return [node, false];
		}
		const attributes = updater ? updater({}) : {};
		data = new this.NodeDataClass(node, attributes);
		this._nodes.set(node, data);
		this.emit("nodeAdded", {
			key: node,
			attributes
		});
		return [node, true];
	}
	/**
	* Method used to drop a single node & all its attached edges from the graph.
	*
	* @param  {any}    node - The node.
	* @return {Graph}
	*
	* @throws {Error} - Will throw if the node doesn't exist.
	*/
	dropNode(node) {
		node = "" + node;
		const nodeData = this._nodes.get(node);
		if (!nodeData) throw new NotFoundGraphError(`Graph.dropNode: could not find the "${node}" node in the graph.`);
		let edgeData;
		if (this.type !== "undirected") {
			for (const neighbor in nodeData.out) {
				edgeData = nodeData.out[neighbor];
				do {
					dropEdgeFromData(this, edgeData);
					edgeData = edgeData.next;
				} while (edgeData);
			}
			for (const neighbor in nodeData.in) {
				edgeData = nodeData.in[neighbor];
				do {
					dropEdgeFromData(this, edgeData);
					edgeData = edgeData.next;
				} while (edgeData);
			}
		}
		if (this.type !== "directed") for (const neighbor in nodeData.undirected) {
			edgeData = nodeData.undirected[neighbor];
			do {
				dropEdgeFromData(this, edgeData);
				edgeData = edgeData.next;
			} while (edgeData);
		}
		this._nodes.delete(node);
		this.emit("nodeDropped", {
			key: node,
			attributes: nodeData.attributes
		});
	}
	/**
	* Method used to drop a single edge from the graph.
	*
	* Arity 1:
	* @param  {any}    edge - The edge.
	*
	* Arity 2:
	* @param  {any}    source - Source node.
	* @param  {any}    target - Target node.
	*
	* @return {Graph}
	*
	* @throws {Error} - Will throw if the edge doesn't exist.
	*/
	dropEdge(edge) {
		let edgeData;
		if (arguments.length > 1) {
			const source = "" + arguments[0];
			const target = "" + arguments[1];
			edgeData = getMatchingEdge(this, source, target, this.type);
			if (!edgeData) throw new NotFoundGraphError(`Graph.dropEdge: could not find the "${source}" -> "${target}" edge in the graph.`);
		} else {
			edge = "" + edge;
			edgeData = this._edges.get(edge);
			if (!edgeData) throw new NotFoundGraphError(`Graph.dropEdge: could not find the "${edge}" edge in the graph.`);
		}
		dropEdgeFromData(this, edgeData);
		return this;
	}
	/**
	* Method used to drop a single directed edge from the graph.
	*
	* @param  {any}    source - Source node.
	* @param  {any}    target - Target node.
	*
	* @return {Graph}
	*
	* @throws {Error} - Will throw if the edge doesn't exist.
	*/
	dropDirectedEdge(source, target) {
		if (arguments.length < 2) throw new UsageGraphError("Graph.dropDirectedEdge: it does not make sense to try and drop a directed edge by key. What if the edge with this key is undirected? Use #.dropEdge for this purpose instead.");
		if (this.multi) throw new UsageGraphError("Graph.dropDirectedEdge: cannot use a {source,target} combo when dropping an edge in a MultiGraph since we cannot infer the one you want to delete as there could be multiple ones.");
		source = "" + source;
		target = "" + target;
		const edgeData = getMatchingEdge(this, source, target, "directed");
		if (!edgeData) throw new NotFoundGraphError(`Graph.dropDirectedEdge: could not find a "${source}" -> "${target}" edge in the graph.`);
		dropEdgeFromData(this, edgeData);
		return this;
	}
	/**
	* Method used to drop a single undirected edge from the graph.
	*
	* @param  {any}    source - Source node.
	* @param  {any}    target - Target node.
	*
	* @return {Graph}
	*
	* @throws {Error} - Will throw if the edge doesn't exist.
	*/
	dropUndirectedEdge(source, target) {
		if (arguments.length < 2) throw new UsageGraphError("Graph.dropUndirectedEdge: it does not make sense to drop a directed edge by key. What if the edge with this key is undirected? Use #.dropEdge for this purpose instead.");
		if (this.multi) throw new UsageGraphError("Graph.dropUndirectedEdge: cannot use a {source,target} combo when dropping an edge in a MultiGraph since we cannot infer the one you want to delete as there could be multiple ones.");
		const edgeData = getMatchingEdge(this, source, target, "undirected");
		if (!edgeData) throw new NotFoundGraphError(`Graph.dropUndirectedEdge: could not find a "${source}" -> "${target}" edge in the graph.`);
		dropEdgeFromData(this, edgeData);
		return this;
	}
	/**
	* Method used to remove every edge & every node from the graph.
	*
	* @return {Graph}
	*/
	clear() {
		this._edges.clear();
		this._nodes.clear();
		this._resetInstanceCounters();
		this.emit("cleared");
	}
	/**
	* Method used to remove every edge from the graph.
	*
	* @return {Graph}
	*/
	clearEdges() {
		const iterator = this._nodes.values();
		let step;
		while (step = iterator.next(), step.done !== true) step.value.clear();
		this._edges.clear();
		this._resetInstanceCounters();
		this.emit("edgesCleared");
	}
	/**---------------------------------------------------------------------------
	* Attributes-related methods
	**---------------------------------------------------------------------------
	*/
	/**
	* Method returning the desired graph's attribute.
	*
	* @param  {string} name - Name of the attribute.
	* @return {any}
	*/
	getAttribute(name) {
		return this._attributes[name];
	}
	/**
	* Method returning the graph's attributes.
	*
	* @return {object}
	*/
	getAttributes() {
		return this._attributes;
	}
	/**
	* Method returning whether the graph has the desired attribute.
	*
	* @param  {string}  name - Name of the attribute.
	* @return {boolean}
	*/
	hasAttribute(name) {
		return this._attributes.hasOwnProperty(name);
	}
	/**
	* Method setting a value for the desired graph's attribute.
	*
	* @param  {string}  name  - Name of the attribute.
	* @param  {any}     value - Value for the attribute.
	* @return {Graph}
	*/
	setAttribute(name, value) {
		this._attributes[name] = value;
		this.emit("attributesUpdated", {
			type: "set",
			attributes: this._attributes,
			name
		});
		return this;
	}
	/**
	* Method using a function to update the desired graph's attribute's value.
	*
	* @param  {string}   name    - Name of the attribute.
	* @param  {function} updater - Function use to update the attribute's value.
	* @return {Graph}
	*/
	updateAttribute(name, updater) {
		if (typeof updater !== "function") throw new InvalidArgumentsGraphError("Graph.updateAttribute: updater should be a function.");
		const value = this._attributes[name];
		this._attributes[name] = updater(value);
		this.emit("attributesUpdated", {
			type: "set",
			attributes: this._attributes,
			name
		});
		return this;
	}
	/**
	* Method removing the desired graph's attribute.
	*
	* @param  {string} name  - Name of the attribute.
	* @return {Graph}
	*/
	removeAttribute(name) {
		delete this._attributes[name];
		this.emit("attributesUpdated", {
			type: "remove",
			attributes: this._attributes,
			name
		});
		return this;
	}
	/**
	* Method replacing the graph's attributes.
	*
	* @param  {object} attributes - New attributes.
	* @return {Graph}
	*
	* @throws {Error} - Will throw if given attributes are not a plain object.
	*/
	replaceAttributes(attributes) {
		if (!isPlainObject(attributes)) throw new InvalidArgumentsGraphError("Graph.replaceAttributes: provided attributes are not a plain object.");
		this._attributes = attributes;
		this.emit("attributesUpdated", {
			type: "replace",
			attributes: this._attributes
		});
		return this;
	}
	/**
	* Method merging the graph's attributes.
	*
	* @param  {object} attributes - Attributes to merge.
	* @return {Graph}
	*
	* @throws {Error} - Will throw if given attributes are not a plain object.
	*/
	mergeAttributes(attributes) {
		if (!isPlainObject(attributes)) throw new InvalidArgumentsGraphError("Graph.mergeAttributes: provided attributes are not a plain object.");
		assign(this._attributes, attributes);
		this.emit("attributesUpdated", {
			type: "merge",
			attributes: this._attributes,
			data: attributes
		});
		return this;
	}
	/**
	* Method updating the graph's attributes.
	*
	* @param  {function} updater - Function used to update the attributes.
	* @return {Graph}
	*
	* @throws {Error} - Will throw if given updater is not a function.
	*/
	updateAttributes(updater) {
		if (typeof updater !== "function") throw new InvalidArgumentsGraphError("Graph.updateAttributes: provided updater is not a function.");
		this._attributes = updater(this._attributes);
		this.emit("attributesUpdated", {
			type: "update",
			attributes: this._attributes
		});
		return this;
	}
	/**
	* Method used to update each node's attributes using the given function.
	*
	* @param {function}  updater - Updater function to use.
	* @param {object}    [hints] - Optional hints.
	*/
	updateEachNodeAttributes(updater, hints) {
		if (typeof updater !== "function") throw new InvalidArgumentsGraphError("Graph.updateEachNodeAttributes: expecting an updater function.");
		if (hints && !validateHints(hints)) throw new InvalidArgumentsGraphError("Graph.updateEachNodeAttributes: invalid hints. Expecting an object having the following shape: {attributes?: [string]}");
		const iterator = this._nodes.values();
		let step, nodeData;
		while (step = iterator.next(), step.done !== true) {
			nodeData = step.value;
			nodeData.attributes = updater(nodeData.key, nodeData.attributes);
		}
		this.emit("eachNodeAttributesUpdated", { hints: hints ? hints : null });
	}
	/**
	* Method used to update each edge's attributes using the given function.
	*
	* @param {function}  updater - Updater function to use.
	* @param {object}    [hints] - Optional hints.
	*/
	updateEachEdgeAttributes(updater, hints) {
		if (typeof updater !== "function") throw new InvalidArgumentsGraphError("Graph.updateEachEdgeAttributes: expecting an updater function.");
		if (hints && !validateHints(hints)) throw new InvalidArgumentsGraphError("Graph.updateEachEdgeAttributes: invalid hints. Expecting an object having the following shape: {attributes?: [string]}");
		const iterator = this._edges.values();
		let step, edgeData, sourceData, targetData;
		while (step = iterator.next(), step.done !== true) {
			edgeData = step.value;
			sourceData = edgeData.source;
			targetData = edgeData.target;
			edgeData.attributes = updater(edgeData.key, edgeData.attributes, sourceData.key, targetData.key, sourceData.attributes, targetData.attributes, edgeData.undirected);
		}
		this.emit("eachEdgeAttributesUpdated", { hints: hints ? hints : null });
	}
	/**---------------------------------------------------------------------------
	* Iteration-related methods
	**---------------------------------------------------------------------------
	*/
	/**
	* Method iterating over the graph's adjacency using the given callback.
	*
	* @param  {function}  callback - Callback to use.
	*/
	forEachAdjacencyEntry(callback) {
		if (typeof callback !== "function") throw new InvalidArgumentsGraphError("Graph.forEachAdjacencyEntry: expecting a callback.");
		forEachAdjacency(false, false, false, this, callback);
	}
	forEachAdjacencyEntryWithOrphans(callback) {
		if (typeof callback !== "function") throw new InvalidArgumentsGraphError("Graph.forEachAdjacencyEntryWithOrphans: expecting a callback.");
		forEachAdjacency(false, false, true, this, callback);
	}
	/**
	* Method iterating over the graph's assymetric adjacency using the given callback.
	*
	* @param  {function}  callback - Callback to use.
	*/
	forEachAssymetricAdjacencyEntry(callback) {
		if (typeof callback !== "function") throw new InvalidArgumentsGraphError("Graph.forEachAssymetricAdjacencyEntry: expecting a callback.");
		forEachAdjacency(false, true, false, this, callback);
	}
	forEachAssymetricAdjacencyEntryWithOrphans(callback) {
		if (typeof callback !== "function") throw new InvalidArgumentsGraphError("Graph.forEachAssymetricAdjacencyEntryWithOrphans: expecting a callback.");
		forEachAdjacency(false, true, true, this, callback);
	}
	/**
	* Method returning the list of the graph's nodes.
	*
	* @return {array} - The nodes.
	*/
	nodes() {
		return Array.from(this._nodes.keys());
	}
	/**
	* Method iterating over the graph's nodes using the given callback.
	*
	* @param  {function}  callback - Callback (key, attributes, index).
	*/
	forEachNode(callback) {
		if (typeof callback !== "function") throw new InvalidArgumentsGraphError("Graph.forEachNode: expecting a callback.");
		const iterator = this._nodes.values();
		let step, nodeData;
		while (step = iterator.next(), step.done !== true) {
			nodeData = step.value;
			callback(nodeData.key, nodeData.attributes);
		}
	}
	/**
	* Method iterating attempting to find a node matching the given predicate
	* function.
	*
	* @param  {function}  callback - Callback (key, attributes).
	*/
	findNode(callback) {
		if (typeof callback !== "function") throw new InvalidArgumentsGraphError("Graph.findNode: expecting a callback.");
		const iterator = this._nodes.values();
		let step, nodeData;
		while (step = iterator.next(), step.done !== true) {
			nodeData = step.value;
			if (callback(nodeData.key, nodeData.attributes)) return nodeData.key;
		}
	}
	/**
	* Method mapping nodes.
	*
	* @param  {function}  callback - Callback (key, attributes).
	*/
	mapNodes(callback) {
		if (typeof callback !== "function") throw new InvalidArgumentsGraphError("Graph.mapNode: expecting a callback.");
		const iterator = this._nodes.values();
		let step, nodeData;
		const result = new Array(this.order);
		let i = 0;
		while (step = iterator.next(), step.done !== true) {
			nodeData = step.value;
			result[i++] = callback(nodeData.key, nodeData.attributes);
		}
		return result;
	}
	/**
	* Method returning whether some node verify the given predicate.
	*
	* @param  {function}  callback - Callback (key, attributes).
	*/
	someNode(callback) {
		if (typeof callback !== "function") throw new InvalidArgumentsGraphError("Graph.someNode: expecting a callback.");
		const iterator = this._nodes.values();
		let step, nodeData;
		while (step = iterator.next(), step.done !== true) {
			nodeData = step.value;
			if (callback(nodeData.key, nodeData.attributes)) return true;
		}
		return false;
	}
	/**
	* Method returning whether all node verify the given predicate.
	*
	* @param  {function}  callback - Callback (key, attributes).
	*/
	everyNode(callback) {
		if (typeof callback !== "function") throw new InvalidArgumentsGraphError("Graph.everyNode: expecting a callback.");
		const iterator = this._nodes.values();
		let step, nodeData;
		while (step = iterator.next(), step.done !== true) {
			nodeData = step.value;
			if (!callback(nodeData.key, nodeData.attributes)) return false;
		}
		return true;
	}
	/**
	* Method filtering nodes.
	*
	* @param  {function}  callback - Callback (key, attributes).
	*/
	filterNodes(callback) {
		if (typeof callback !== "function") throw new InvalidArgumentsGraphError("Graph.filterNodes: expecting a callback.");
		const iterator = this._nodes.values();
		let step, nodeData;
		const result = [];
		while (step = iterator.next(), step.done !== true) {
			nodeData = step.value;
			if (callback(nodeData.key, nodeData.attributes)) result.push(nodeData.key);
		}
		return result;
	}
	/**
	* Method reducing nodes.
	*
	* @param  {function}  callback - Callback (accumulator, key, attributes).
	*/
	reduceNodes(callback, initialValue) {
		if (typeof callback !== "function") throw new InvalidArgumentsGraphError("Graph.reduceNodes: expecting a callback.");
		if (arguments.length < 2) throw new InvalidArgumentsGraphError("Graph.reduceNodes: missing initial value. You must provide it because the callback takes more than one argument and we cannot infer the initial value from the first iteration, as you could with a simple array.");
		let accumulator = initialValue;
		const iterator = this._nodes.values();
		let step, nodeData;
		while (step = iterator.next(), step.done !== true) {
			nodeData = step.value;
			accumulator = callback(accumulator, nodeData.key, nodeData.attributes);
		}
		return accumulator;
	}
	/**
	* Method returning an iterator over the graph's node entries.
	*
	* @return {Iterator}
	*/
	nodeEntries() {
		const iterator = this._nodes.values();
		return {
			[Symbol.iterator]() {
				return this;
			},
			next() {
				const step = iterator.next();
				if (step.done) return step;
				const data = step.value;
				return {
					value: {
						node: data.key,
						attributes: data.attributes
					},
					done: false
				};
			}
		};
	}
	/**---------------------------------------------------------------------------
	* Serialization
	**---------------------------------------------------------------------------
	*/
	/**
	* Method used to export the whole graph.
	*
	* @return {object} - The serialized graph.
	*/
	export() {
		const nodes = new Array(this._nodes.size);
		let i = 0;
		this._nodes.forEach((data, key) => {
			nodes[i++] = serializeNode(key, data);
		});
		const edges = new Array(this._edges.size);
		i = 0;
		this._edges.forEach((data, key) => {
			edges[i++] = serializeEdge(this.type, key, data);
		});
		return {
			options: {
				type: this.type,
				multi: this.multi,
				allowSelfLoops: this.allowSelfLoops
			},
			attributes: this.getAttributes(),
			nodes,
			edges
		};
	}
	/**
	* Method used to import a serialized graph.
	*
	* @param  {object|Graph} data  - The serialized graph.
	* @param  {boolean}      merge - Whether to merge data.
	* @return {Graph}              - Returns itself for chaining.
	*/
	import(data, merge = false) {
		if (data instanceof Graph) {
			data.forEachNode((n, a) => {
				if (merge) this.mergeNode(n, a);
				else this.addNode(n, a);
			});
			data.forEachEdge((e, a, s, t, _sa, _ta, u) => {
				if (merge) {
					if (u) this.mergeUndirectedEdgeWithKey(e, s, t, a);
					else this.mergeDirectedEdgeWithKey(e, s, t, a);
				} else if (u) this.addUndirectedEdgeWithKey(e, s, t, a);
				else this.addDirectedEdgeWithKey(e, s, t, a);
			});
			return this;
		}
		if (!isPlainObject(data)) throw new InvalidArgumentsGraphError("Graph.import: invalid argument. Expecting a serialized graph or, alternatively, a Graph instance.");
		if (data.attributes) {
			if (!isPlainObject(data.attributes)) throw new InvalidArgumentsGraphError("Graph.import: invalid attributes. Expecting a plain object.");
			if (merge) this.mergeAttributes(data.attributes);
			else this.replaceAttributes(data.attributes);
		}
		let i, l, list, node, edge;
		if (data.nodes) {
			list = data.nodes;
			if (!Array.isArray(list)) throw new InvalidArgumentsGraphError("Graph.import: invalid nodes. Expecting an array.");
			for (i = 0, l = list.length; i < l; i++) {
				node = list[i];
				validateSerializedNode(node);
				const { key, attributes } = node;
				if (merge) this.mergeNode(key, attributes);
				else this.addNode(key, attributes);
			}
		}
		if (data.edges) {
			let undirectedByDefault = false;
			if (this.type === "undirected") undirectedByDefault = true;
			list = data.edges;
			if (!Array.isArray(list)) throw new InvalidArgumentsGraphError("Graph.import: invalid edges. Expecting an array.");
			for (i = 0, l = list.length; i < l; i++) {
				edge = list[i];
				validateSerializedEdge(edge);
				const { source, target, attributes, undirected = undirectedByDefault } = edge;
				let method;
				if ("key" in edge) {
					method = merge ? undirected ? this.mergeUndirectedEdgeWithKey : this.mergeDirectedEdgeWithKey : undirected ? this.addUndirectedEdgeWithKey : this.addDirectedEdgeWithKey;
					method.call(this, edge.key, source, target, attributes);
				} else {
					method = merge ? undirected ? this.mergeUndirectedEdge : this.mergeDirectedEdge : undirected ? this.addUndirectedEdge : this.addDirectedEdge;
					method.call(this, source, target, attributes);
				}
			}
		}
		return this;
	}
	/**---------------------------------------------------------------------------
	* Utils
	**---------------------------------------------------------------------------
	*/
	/**
	* Method returning a null copy of the graph, i.e. a graph without nodes
	* & edges but with the exact same options.
	*
	* @param  {object} options - Options to merge with the current ones.
	* @return {Graph}          - The null copy.
	*/
	nullCopy(options) {
		const graph = new Graph(assign({}, this._options, options));
		graph.replaceAttributes(assign({}, this.getAttributes()));
		return graph;
	}
	/**
	* Method returning an empty copy of the graph, i.e. a graph without edges but
	* with the exact same options.
	*
	* @param  {object} options - Options to merge with the current ones.
	* @return {Graph}          - The empty copy.
	*/
	emptyCopy(options) {
		const graph = this.nullCopy(options);
		this._nodes.forEach((nodeData, key) => {
			const attributes = assign({}, nodeData.attributes);
			nodeData = new graph.NodeDataClass(key, attributes);
			graph._nodes.set(key, nodeData);
		});
		return graph;
	}
	/**
	* Method returning an exact copy of the graph.
	*
	* @param  {object} options - Upgrade options.
	* @return {Graph}          - The copy.
	*/
	copy(options) {
		options = options || {};
		if (typeof options.type === "string" && options.type !== this.type && options.type !== "mixed") throw new UsageGraphError(`Graph.copy: cannot create an incompatible copy from "${this.type}" type to "${options.type}" because this would mean losing information about the current graph.`);
		if (typeof options.multi === "boolean" && options.multi !== this.multi && options.multi !== true) throw new UsageGraphError("Graph.copy: cannot create an incompatible copy by downgrading a multi graph to a simple one because this would mean losing information about the current graph.");
		if (typeof options.allowSelfLoops === "boolean" && options.allowSelfLoops !== this.allowSelfLoops && options.allowSelfLoops !== true) throw new UsageGraphError("Graph.copy: cannot create an incompatible copy from a graph allowing self loops to one that does not because this would mean losing information about the current graph.");
		const graph = this.emptyCopy(options);
		const iterator = this._edges.values();
		let step, edgeData;
		while (step = iterator.next(), step.done !== true) {
			edgeData = step.value;
			addEdge(graph, "copy", false, edgeData.undirected, edgeData.key, edgeData.source.key, edgeData.target.key, assign({}, edgeData.attributes));
		}
		return graph;
	}
	/**---------------------------------------------------------------------------
	* Known methods
	**---------------------------------------------------------------------------
	*/
	/**
	* Method used by JavaScript to perform JSON serialization.
	*
	* @return {object} - The serialized graph.
	*/
	toJSON() {
		return this.export();
	}
	/**
	* Method returning [object Graph].
	*/
	toString() {
		return "[object Graph]";
	}
	/**
	* Method used internally by node's console to display a custom object.
	*
	* @return {object} - Formatted object representation of the graph.
	*/
	inspect() {
		const nodes = {};
		this._nodes.forEach((data, key) => {
			nodes[key] = data.attributes;
		});
		const edges = {}, multiIndex = {};
		this._edges.forEach((data, key) => {
			const direction = data.undirected ? "--" : "->";
			let label = "";
			let source = data.source.key;
			let target = data.target.key;
			let tmp;
			if (data.undirected && source > target) {
				tmp = source;
				source = target;
				target = tmp;
			}
			const desc = `(${source})${direction}(${target})`;
			if (!key.startsWith("geid_")) label += `[${key}]: `;
			else if (this.multi) {
				if (typeof multiIndex[desc] === "undefined") multiIndex[desc] = 0;
				else multiIndex[desc]++;
				label += `${multiIndex[desc]}. `;
			}
			label += desc;
			edges[label] = data.attributes;
		});
		const dummy = {};
		for (const k in this) if (this.hasOwnProperty(k) && !EMITTER_PROPS.has(k) && typeof this[k] !== "function" && typeof k !== "symbol") dummy[k] = this[k];
		dummy.attributes = this._attributes;
		dummy.nodes = nodes;
		dummy.edges = edges;
		privateProperty(dummy, "constructor", this.constructor);
		return dummy;
	}
};
/**
* Attaching methods to the prototype.
*
* Here, we are attaching a wide variety of methods to the Graph class'
* prototype when those are very numerous and when their creation is
* abstracted.
*/
/**
* Attaching custom inspect method for node >= 10.
*/
if (typeof Symbol !== "undefined") Graph.prototype[Symbol.for("nodejs.util.inspect.custom")] = Graph.prototype.inspect;
/**
* Related to edge addition.
*/
EDGE_ADD_METHODS.forEach((method) => {
	[
		"add",
		"merge",
		"update"
	].forEach((verb) => {
		const name = method.name(verb);
		const fn = verb === "add" ? addEdge : mergeEdge;
		if (method.generateKey) Graph.prototype[name] = function(source, target, attributes) {
			return fn(this, name, true, (method.type || this.type) === "undirected", null, source, target, attributes, verb === "update");
		};
		else Graph.prototype[name] = function(edge, source, target, attributes) {
			return fn(this, name, false, (method.type || this.type) === "undirected", edge, source, target, attributes, verb === "update");
		};
	});
});
/**
* Attributes-related.
*/
attachNodeAttributesMethods(Graph);
attachEdgeAttributesMethods(Graph);
/**
* Edge iteration-related.
*/
attachEdgeIterationMethods(Graph);
/**
* Neighbor iteration-related.
*/
attachNeighborIterationMethods(Graph);
/**
* Graphology Helper Classes
* ==========================
*
* Building some higher-order classes instantiating the graph with
* predefinite options.
*/
/**
* Alternative constructors.
*/
var DirectedGraph = class extends Graph {
	constructor(options) {
		const finalOptions = assign({ type: "directed" }, options);
		if ("multi" in finalOptions && finalOptions.multi !== false) throw new InvalidArgumentsGraphError("DirectedGraph.from: inconsistent indication that the graph should be multi in given options!");
		if (finalOptions.type !== "directed") throw new InvalidArgumentsGraphError("DirectedGraph.from: inconsistent \"" + finalOptions.type + "\" type in given options!");
		super(finalOptions);
	}
};
var UndirectedGraph = class extends Graph {
	constructor(options) {
		const finalOptions = assign({ type: "undirected" }, options);
		if ("multi" in finalOptions && finalOptions.multi !== false) throw new InvalidArgumentsGraphError("UndirectedGraph.from: inconsistent indication that the graph should be multi in given options!");
		if (finalOptions.type !== "undirected") throw new InvalidArgumentsGraphError("UndirectedGraph.from: inconsistent \"" + finalOptions.type + "\" type in given options!");
		super(finalOptions);
	}
};
var MultiGraph = class extends Graph {
	constructor(options) {
		const finalOptions = assign({ multi: true }, options);
		if ("multi" in finalOptions && finalOptions.multi !== true) throw new InvalidArgumentsGraphError("MultiGraph.from: inconsistent indication that the graph should be simple in given options!");
		super(finalOptions);
	}
};
var MultiDirectedGraph = class extends Graph {
	constructor(options) {
		const finalOptions = assign({
			type: "directed",
			multi: true
		}, options);
		if ("multi" in finalOptions && finalOptions.multi !== true) throw new InvalidArgumentsGraphError("MultiDirectedGraph.from: inconsistent indication that the graph should be simple in given options!");
		if (finalOptions.type !== "directed") throw new InvalidArgumentsGraphError("MultiDirectedGraph.from: inconsistent \"" + finalOptions.type + "\" type in given options!");
		super(finalOptions);
	}
};
var MultiUndirectedGraph = class extends Graph {
	constructor(options) {
		const finalOptions = assign({
			type: "undirected",
			multi: true
		}, options);
		if ("multi" in finalOptions && finalOptions.multi !== true) throw new InvalidArgumentsGraphError("MultiUndirectedGraph.from: inconsistent indication that the graph should be simple in given options!");
		if (finalOptions.type !== "undirected") throw new InvalidArgumentsGraphError("MultiUndirectedGraph.from: inconsistent \"" + finalOptions.type + "\" type in given options!");
		super(finalOptions);
	}
};
/**
* Attaching static #.from method to each of the constructors.
*/
function attachStaticFromMethod(Class) {
	/**
	* Builds a graph from serialized data or another graph's data.
	*
	* @param  {Graph|SerializedGraph} data      - Hydratation data.
	* @param  {object}                [options] - Options.
	* @return {Class}
	*/
	Class.from = function(data, options) {
		const instance = new Class(assign({}, data.options, options));
		instance.import(data);
		return instance;
	};
}
attachStaticFromMethod(Graph);
attachStaticFromMethod(DirectedGraph);
attachStaticFromMethod(UndirectedGraph);
attachStaticFromMethod(MultiGraph);
attachStaticFromMethod(MultiDirectedGraph);
attachStaticFromMethod(MultiUndirectedGraph);
Graph.Graph = Graph;
Graph.DirectedGraph = DirectedGraph;
Graph.UndirectedGraph = UndirectedGraph;
Graph.MultiGraph = MultiGraph;
Graph.MultiDirectedGraph = MultiDirectedGraph;
Graph.MultiUndirectedGraph = MultiUndirectedGraph;
Graph.InvalidArgumentsGraphError = InvalidArgumentsGraphError;
Graph.NotFoundGraphError = NotFoundGraphError;
Graph.UsageGraphError = UsageGraphError;
// engine/nearest.ts
var import_fastest_levenshtein = (/* @__PURE__ */ __commonJSMin(((exports) => {
	exports.__esModule = true;
	exports.distance = exports.closest = void 0;
	var peq = /* @__PURE__ */ new Uint32Array(65536);
	var myers_32 = function(a, b) {
		var n = a.length;
		var m = b.length;
		var lst = 1 << n - 1;
		var pv = -1;
		var mv = 0;
		var sc = n;
		var i = n;
		while (i--) peq[a.charCodeAt(i)] |= 1 << i;
		for (i = 0; i < m; i++) {
			var eq = peq[b.charCodeAt(i)];
			var xv = eq | mv;
			eq |= (eq & pv) + pv ^ pv;
			mv |= ~(eq | pv);
			pv &= eq;
			if (mv & lst) sc++;
			if (pv & lst) sc--;
			mv = mv << 1 | 1;
			pv = pv << 1 | ~(xv | mv);
			mv &= xv;
		}
		i = n;
		while (i--) peq[a.charCodeAt(i)] = 0;
		return sc;
	};
	var myers_x = function(b, a) {
		var n = a.length;
		var m = b.length;
		var mhc = [];
		var phc = [];
		var hsize = Math.ceil(n / 32);
		var vsize = Math.ceil(m / 32);
		for (var i = 0; i < hsize; i++) {
			phc[i] = -1;
			mhc[i] = 0;
		}
		var j = 0;
		for (; j < vsize - 1; j++) {
			var mv_1 = 0;
			var pv_1 = -1;
			var start_1 = j * 32;
			var vlen_1 = Math.min(32, m) + start_1;
			for (var k = start_1; k < vlen_1; k++) peq[b.charCodeAt(k)] |= 1 << k;
			for (var i = 0; i < n; i++) {
				var eq = peq[a.charCodeAt(i)];
				var pb = phc[i / 32 | 0] >>> i & 1;
				var mb = mhc[i / 32 | 0] >>> i & 1;
				var xv = eq | mv_1;
				var xh = ((eq | mb) & pv_1) + pv_1 ^ pv_1 | eq | mb;
				var ph = mv_1 | ~(xh | pv_1);
				var mh = pv_1 & xh;
				if (ph >>> 31 ^ pb) phc[i / 32 | 0] ^= 1 << i;
				if (mh >>> 31 ^ mb) mhc[i / 32 | 0] ^= 1 << i;
				ph = ph << 1 | pb;
				mh = mh << 1 | mb;
				pv_1 = mh | ~(xv | ph);
				mv_1 = ph & xv;
			}
			for (var k = start_1; k < vlen_1; k++) peq[b.charCodeAt(k)] = 0;
		}
		var mv = 0;
		var pv = -1;
		var start = j * 32;
		var vlen = Math.min(32, m - start) + start;
		for (var k = start; k < vlen; k++) peq[b.charCodeAt(k)] |= 1 << k;
		var score = m;
		for (var i = 0; i < n; i++) {
			var eq = peq[a.charCodeAt(i)];
			var pb = phc[i / 32 | 0] >>> i & 1;
			var mb = mhc[i / 32 | 0] >>> i & 1;
			var xv = eq | mv;
			var xh = ((eq | mb) & pv) + pv ^ pv | eq | mb;
			var ph = mv | ~(xh | pv);
			var mh = pv & xh;
			score += ph >>> m - 1 & 1;
			score -= mh >>> m - 1 & 1;
			if (ph >>> 31 ^ pb) phc[i / 32 | 0] ^= 1 << i;
			if (mh >>> 31 ^ mb) mhc[i / 32 | 0] ^= 1 << i;
			ph = ph << 1 | pb;
			mh = mh << 1 | mb;
			pv = mh | ~(xv | ph);
			mv = ph & xv;
		}
		for (var k = start; k < vlen; k++) peq[b.charCodeAt(k)] = 0;
		return score;
	};
	var distance = function(a, b) {
		if (a.length < b.length) {
			var tmp = b;
			b = a;
			a = tmp;
		}
		if (b.length === 0) return a.length;
		if (a.length <= 32) return myers_32(a, b);
		return myers_x(a, b);
	};
	exports.distance = distance;
	var closest = function(str, arr) {
		var min_distance = 1e400;
		var min_index = 0;
		for (var i = 0; i < arr.length; i++) {
			var dist = distance(str, arr[i]);
			if (dist < min_distance) {
				min_distance = dist;
				min_index = i;
			}
		}
		return arr[min_index];
	};
	exports.closest = closest;
})))();
/** The known word nearest to `word` by edit distance, or undefined when none is near. */
function nearest(word, known) {
	if (known.length === 0) return void 0;
	const best = (0, import_fastest_levenshtein.closest)(word, known);
	return (0, import_fastest_levenshtein.distance)(word.toLowerCase(), best.toLowerCase()) <= Math.max(2, word.length / 3) ? best : void 0;
}
// engine/params.ts
/** The params with defaults filled in, as plain data. Throws a KithError (exit code 2) that lists every issue. */
function parseParams(node, definition, given) {
	const known = Object.keys(definition.params.shape);
	const strange = Object.keys(given).filter((param) => !known.includes(param));
	const result = definition.params.safeParse(given);
	const issues = [...strange.map((param) => {
		const near = nearest(param, known);
		return `There is no param "${param}"${near ? `; did you mean "${near}"?` : "."}`;
	}), ...result.success ? [] : result.error.issues.map((issue) => sentence(issue, given, definition))];
	if (issues.length > 0 || !result.success) throw new KithError(`A param of the node "${node}" is wrong.`, {
		facts: issues,
		hint: `${definition.kind} takes ${known.join(", ") || "no params"}.`,
		exitCode: 2
	});
	return JSON.parse(canonicalParams(node, result.data));
}
function canonicalParams(node, params) {
	try {
		return canonical(withoutUndefined(params));
	} catch (error) {
		throw new KithError(`A param of the node "${node}" cannot be part of a key.`, {
			facts: [error.message],
			exitCode: 2
		});
	}
}
/** An optional param that was left out is no leaf of the key. */
function withoutUndefined(value) {
	if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
	return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== void 0).map(([name, field]) => [name, withoutUndefined(field)]));
}
function sentence(issue, given, definition) {
	const path = issue.path.map(String);
	const value = path.reduce((at, field) => at?.[field], given);
	const description = definition.params.shape[path[0] ?? ""]?.description;
	const what = issue.message.replace(/^Invalid input: /, "").replace(/^Too (small|big): /, "");
	return `${path.join(".")} = ${JSON.stringify(value) ?? String(value)}: ${what}${description ? ` (${description})` : ""}.`;
}
// engine/pipeline.ts
/** Where the loader of a pipeline file listens for the handles and pipelines that the file makes, to find forgotten ones. */
const DECLARED = Symbol.for("kith.declared");
function isPipeline(value) {
	return typeof value === "object" && value !== null && "pipeline" in value && value.pipeline === true;
}
function isHandle(value) {
	return typeof value === "object" && value !== null && "handle" in value && value.handle === true;
}
// engine/resources.ts
const UNITS = {
	KB: 1e3,
	MB: 1e6,
	GB: 1e9,
	TB: 0xe8d4a51000
};
/** An amount as a number: `all` is infinite, `2GB` is 2·10⁹. */
function amountOf(name, amount) {
	if (amount === "all") return 1e400;
	const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*([KMGT]B)?$/i.exec(String(amount)) ?? [];
	if (digits !== void 0) return Number(digits) * (unit === void 0 ? 1 : UNITS[unit.toUpperCase()]);
	throw new KithError(`${JSON.stringify(amount)} is no amount of ${name}.`, {
		hint: `Write a number, "all", or bytes such as "2GB".`,
		exitCode: 2
	});
}
// engine/settings.ts
/** The settings of a node. Throws a KithError (exit code 2) for amounts and numbers that make no sense. */
function settingsOf(node, { resources, retries, backoff, timeout }, given = {}) {
	const own = Object.entries({
		retries,
		backoff,
		timeout
	}).filter(([, value]) => value !== void 0);
	const settings = {
		...Object.fromEntries(own),
		...given,
		resources: {
			...resources,
			...given.resources
		}
	};
	for (const [name, amount] of Object.entries(settings.resources)) amountOf(name, amount);
	const wrong = (setting, must) => new KithError(`The setting ${setting} of the node "${node}" must be ${must}.`, { exitCode: 2 });
	const { retries: times = 0, backoff: pause = 1, timeout: limit = 1 } = settings;
	if (!Number.isInteger(times) || times < 0) throw wrong("retries", "a whole number from 0");
	if (!(pause >= 0)) throw wrong("backoff", "a number of seconds from 0");
	if (!(limit > 0)) throw wrong("timeout", "a number of seconds above 0");
	return settings;
}
// engine/graph.ts
/**
* Builds one shared graph of all variants. Nodes that are equal in kind, params, seed and inputs are one node; a node that differs between
* variants is called `clusters[clusters.entropyWeight=2]`.
* Errors: unknown nodes or params in overrides, params that the schema refuses, missing or unknown inputs, cycles.
*/
function buildGraph(pipeline, variants = [{}]) {
	const graph = new DirectedGraph();
	const known = /* @__PURE__ */ new Map();
	const names = nameHandles(pipeline);
	const all = Object.keys(pipeline.nodes);
	for (const name of Object.keys(pipeline.settings)) if (!pipeline.nodes[name]) throw unknown(`There are settings for "${name}", which is no node of the pipeline.`, name, all, "settings");
	for (const overrides of variants) checkOverrides(pipeline, overrides);
	return {
		graph,
		variants: variants.map((overrides) => addVariant(graph, known, names, pipeline, overrides))
	};
}
/** Every handle of the pipeline with its name, in an order in which inputs come first. Handles that were not named are called by their kind. */
function nameHandles(pipeline) {
	const given = new Map(Object.entries(pipeline.nodes).map(([name, handle]) => [handle, name]));
	const taken = new Set(given.values());
	const names = /* @__PURE__ */ new Map();
	const trail = [];
	const visit = (handle) => {
		if (names.has(handle)) return;
		if (trail.includes(handle)) throw cycle([...trail.slice(trail.indexOf(handle)), handle], given);
		trail.push(handle);
		for (const input of Object.values(slots(handle))) visit(input);
		trail.pop();
		const name = given.get(handle) ?? free(handle.definition.kind, taken);
		taken.add(name);
		names.set(handle, name);
	};
	for (const handle of Object.values(pipeline.nodes)) visit(handle);
	return names;
}
function cycle(trail, names) {
	return new KithError("The pipeline has a cycle.", {
		facts: [trail.map((handle) => names.get(handle) ?? handle.definition.kind).join(" → ")],
		hint: "A node cannot read its own result, not even through others.",
		exitCode: 2
	});
}
function free(kind, taken) {
	if (!taken.has(kind)) return kind;
	let number = 2;
	while (taken.has(`${kind}-${number}`)) number += 1;
	return `${kind}-${number}`;
}
/** The handles a handle reads, collections flattened to `slot.name`, checked against the definition. */
function slots(handle) {
	const { kind, inputs: declared } = handle.definition;
	const found = {};
	const wrong = (headline, hint) => new KithError(headline, {
		hint,
		exitCode: 2
	});
	for (const [slot, given] of Object.entries(handle.inputs)) {
		const input = declared[slot];
		if (!input) throw wrong(`${kind} has no input "${slot}".`, `It takes ${Object.keys(declared).join(", ") || "none"}.`);
		if (!input.many) {
			if (!isHandle(given)) throw wrong(`Input "${slot}" of ${kind} is not a node.`, "Pass what a node function returns.");
			found[slot] = given;
			continue;
		}
		for (const [name, member] of Object.entries(given)) {
			if (!isHandle(member)) throw wrong(`Input "${slot}.${name}" of ${kind} is not a node.`, "Pass a record of what node functions return.");
			found[`${slot}.${name}`] = member;
		}
	}
	for (const [slot, input] of Object.entries(declared)) if (!input.optional && !handle.inputs[slot]) throw wrong(`${kind} needs the input "${slot}".`, `Pass it: ${kind}({ ${slot} }).`);
	return found;
}
function addVariant(graph, known, handles, pipeline, overrides) {
	const names = {};
	const seed = overrides["seed"] === void 0 ? pipeline.seed : Number(overrides["seed"]);
	const label = Object.entries(overrides).map(([path, value]) => `${path}=${typeof value === "string" ? value : JSON.stringify(value)}`).join(",");
	for (const [handle, given] of handles) {
		const { definition } = handle;
		const params = parseParams(given, definition, {
			...handle.params,
			...paramsOf(given, overrides)
		});
		const inputs = Object.fromEntries(Object.entries(slots(handle)).map(([slot, input]) => [slot, names[handles.get(input)]]));
		const nodeSeed = definition.seeded ? seed : 0;
		const identity = canonical({
			kind: definition.kind,
			params,
			inputs,
			seed: nodeSeed
		});
		let name = known.get(`${given} ${identity}`);
		if (name === void 0) {
			name = graph.hasNode(given) ? `${given}[${label}]` : given;
			known.set(`${given} ${identity}`, name);
			const settings = settingsOf(given, definition, pipeline.settings[given]);
			const node = {
				name,
				kind: definition.kind,
				definition,
				params,
				inputs,
				seed: nodeSeed,
				settings
			};
			graph.addNode(name, { node });
			for (const source of new Set(Object.values(inputs))) graph.addEdge(source, name);
		}
		names[given] = name;
	}
	return {
		overrides,
		names
	};
}
function paramsOf(name, overrides) {
	const prefix = `${name}.`;
	const mine = Object.entries(overrides).filter(([path]) => path.startsWith(prefix));
	return Object.fromEntries(mine.map(([path, value]) => [path.slice(prefix.length), value]));
}
function checkOverrides(pipeline, overrides) {
	for (const [path, value] of Object.entries(overrides)) {
		if (path === "seed") {
			if (Number.isSafeInteger(value)) continue;
			throw new KithError(`The seed must be a whole number, not ${JSON.stringify(value)}.`, { exitCode: 2 });
		}
		const [name = "", param = ""] = path.split(".", 2);
		const handle = pipeline.nodes[name];
		if (!handle) throw unknown(`There is no node "${name}" in the pipeline.`, name, Object.keys(pipeline.nodes), `--set ${path}`);
		const params = Object.keys(handle.definition.params.shape);
		if (!params.includes(param)) throw unknown(`The node "${name}" has no param "${param}".`, param, params, `--set ${path}`);
	}
}
function unknown(headline, wrong, right, fact) {
	const near = nearest(wrong, right);
	return new KithError(headline, {
		facts: [`Given as ${fact}.`],
		hint: near ? `Did you mean "${near}"?` : `There is ${right.join(", ") || "none"}.`,
		exitCode: 2
	});
}
/** The nodes in an order in which inputs come first; restricted to what the targets need where targets are given. */
function topological(graph, targets) {
	const needed = targets && ancestors(graph, targets);
	return graph.mapNodes((_, { node }) => node).filter((node) => !needed || needed.has(node.name));
}
/** The targets and everything they read, directly or not. */
function ancestors(graph, targets) {
	return reached(targets, (name, visit) => graph.forEachInNeighbor(name, visit));
}
/** The nodes and everything that reads them, directly or not. */
function descendants(graph, nodes) {
	return reached(nodes, (name, visit) => graph.forEachOutNeighbor(name, visit));
}
function reached(from, neighbours) {
	const found = /* @__PURE__ */ new Set();
	const open = [...from];
	for (let name = open.pop(); name !== void 0; name = open.pop()) {
		if (found.has(name)) continue;
		found.add(name);
		neighbours(name, (next) => void open.push(next));
	}
	return found;
}
/**
* The graph's names for what a user typed: a node or every variant of it; `+node` with all that it reads, `node+` with all that reads it,
* directly or not.
*/
function resolveTargets(graph, typed) {
	const names = typed.flatMap((text) => {
		const name = text.replace(/^\+|\+$/g, "");
		const found = graph.filterNodes((node) => node === name || node.startsWith(`${name}[`));
		if (found.length === 0) throw unknown(`There is no node "${name}" in the pipeline.`, name, graph.nodes(), `"${name}"`);
		return [
			...found,
			...text.startsWith("+") ? ancestors(graph, found) : [],
			...text.endsWith("+") ? descendants(graph, found) : []
		];
	});
	return [...new Set(names)];
}
// cache/history.ts
/** The history under an id (any text, e.g. the path of the pipeline file), or undefined where there is none or it cannot be read. */
function readHistory(folder, id) {
	try {
		return unseal(id, readFileSync(historyPath(folder, id)));
	} catch {
		return;
	}
}
/** Replaces the history under an id. Throws a CacheWriteError. */
function writeHistory(folder, id, entries) {
	replaceFileSync(historyPath(folder, id), seal(id, entries), join(folder, "tmp"));
}
function historyPath(folder, id) {
	return join(folder, "history", sha256$2(Buffer.from(id)).slice(0, 32));
}
// engine/history.ts
/** The history of one pipeline file. It is read only when something is stale or new: `tip`, a digest of all names and keys, tells. */
function openHistory(cacheFolder, pipeline, hasher) {
	const seen = /* @__PURE__ */ new Map();
	let entries;
	const load = () => entries ??= readHistory(cacheFolder, pipeline) ?? {};
	return {
		last: (name) => load()[name],
		remember: ({ node, key, readable, code, seconds }) => void seen.set(node.name, {
			resolved: key,
			key: readable,
			parts: code.parts,
			seconds
		}),
		save() {
			const tip = hasher.key(canonical([...seen].map(([name, { resolved }]) => [name, resolved])));
			const known = readHistory(cacheFolder, `${pipeline} tip`)?.["tip"];
			if (seen.size === 0 || known === tip) return;
			try {
				writeHistory(cacheFolder, pipeline, {
					...load(),
					...Object.fromEntries(seen)
				});
				writeHistory(cacheFolder, `${pipeline} tip`, { tip });
			} catch (error) {
				if (!(error instanceof CacheWriteError)) throw error;
			}
		}
	};
}
// engine/script.ts
/** Bytes before V8's own: size and time of the file that was compiled. */
const HEADER = 16;
/** Loads a script; `name` tells apart what different uses of it compile. The compiled forms lie in the folder `compiled` beside it. */
function loadScript(file, name) {
	const { size, mtimeMs } = statSync(file);
	const header = Buffer.from(Float64Array.of(size, mtimeMs).buffer);
	const kept = join(dirname(file), "compiled", `${name}-${process.version}-${process.arch}`);
	const cachedData = readKept(kept, header);
	const source = `(function (module, exports, require, __filename, __dirname, dynamicImport) {${readFileSync(file, "utf8")}\n})`;
	const script = new Script(source, {
		filename: file,
		...cachedData ? { cachedData } : {}
	});
	return {
		run(dynamicImport) {
			const module = { exports: {} };
			let require;
			const lazily = (id) => (require ??= createRequire(file))(id);
			script.runInThisContext()(module, module.exports, lazily, file, dirname(file), dynamicImport);
			return module.exports;
		},
		keep(temporaries = dirname(kept)) {
			if (cachedData && !script.cachedDataRejected) return;
			const temporary = join(temporaries, `${process.pid}-${name}`);
			try {
				for (const folder of [dirname(kept), temporaries]) mkdirSync(folder, { recursive: true });
				writeFileSync(temporary, Buffer.concat([header, script.createCachedData()]));
				renameSync(temporary, kept);
			} catch {}
		}
	};
}
function readKept(kept, header) {
	try {
		const stored = readFileSync(kept);
		return stored.subarray(0, HEADER).equals(header) ? stored.subarray(HEADER) : void 0;
	} catch {
		return;
	}
}
// engine/load.ts
/** The pipeline that the file exports, after a check that no handle was forgotten. `temporaries` is a folder for files that are not complete. */
async function loadPipeline({ planFile, planScript }, { shown, temporaries }) {
	const { exported, declared } = await (planScript === void 0 ? importDeclared(pathToFileURL(planFile).href) : runDeclared(planScript, temporaries));
	if (!isPipeline(exported)) throw new KithError(`${shown} does not export a pipeline.`, {
		facts: [exported === void 0 ? "It has no default export." : `Its default export is a ${typeof exported}.`],
		hint: "End it with: export default pipeline({ … });",
		exitCode: 2
	});
	const reached = /* @__PURE__ */ new Set();
	for (const { nodes } of declared.pipelines) for (const handle of Object.values(nodes)) reach(handle, reached);
	const forgotten = declared.handles.filter((handle) => !reached.has(handle));
	if (forgotten.length > 0) throw new KithError(`${shown} declares ${forgotten.length === 1 ? "a node" : `${forgotten.length} nodes`} that no pipeline reaches.`, {
		facts: forgotten.map(({ definition, params }) => `${definition.kind} with ${JSON.stringify(params)}`),
		hint: "Name it in pipeline({ … }), pass it to another node, or delete it.",
		exitCode: 2
	});
	return exported;
}
function importDeclared(url) {
	return declaring(async () => (await import(url)).default);
}
function runDeclared(file, temporaries) {
	return declaring(async () => {
		const script = loadScript(file, "plan");
		const { default: exported } = script.run();
		script.keep(temporaries);
		return exported;
	});
}
/** What an evaluation exports, and everything that it declares on the way. */
async function declaring(evaluate) {
	const scope = globalThis;
	const declared = {
		handles: [],
		pipelines: []
	};
	scope[DECLARED] = declared;
	try {
		return {
			exported: await evaluate(),
			declared
		};
	} finally {
		delete scope[DECLARED];
	}
}
const definitions$1 = /* @__PURE__ */ new Map();
/** Kind → definition of every node that the module's pipeline reaches; imported once. */
function definitionsOf(url) {
	let found = definitions$1.get(url);
	if (!found) {
		found = importDeclared(url).then(({ exported }) => {
			const reached = /* @__PURE__ */ new Set();
			if (isPipeline(exported)) for (const handle of Object.values(exported.nodes)) reach(handle, reached);
			return new Map([...reached].map(({ definition }) => [definition.kind, definition]));
		});
		definitions$1.set(url, found);
	}
	return found;
}
function reach(handle, reached) {
	if (reached.has(handle)) return;
	reached.add(handle);
	for (const given of Object.values(handle.inputs)) for (const input of isHandle(given) ? [given] : Object.values(given)) reach(input, reached);
}
/** A record of the present schema. */
function recordFrom(described) {
	return {
		schema: 1,
		...described
	};
}
/** The record in what a store returned, or undefined where it is none, or of another schema. */
function parseRecord(value) {
	if (!isFields(value) || value["schema"] !== 1) return void 0;
	const { readable, blobs, environment } = value;
	return isHex(value["key"], 32) && isHex(value["predicted"], 32) && typeof value["node"] === "string" && typeof value["kind"] === "string" && isHex(value["artifact"], 64) && Array.isArray(blobs) && blobs.every((blob) => isFields(blob) && isHex(blob["digest"], 64) && isSize(blob["bytes"])) && blobs.some((blob) => blob.digest === value["artifact"]) && isSize(value["bytes"]) && isAmount(value["seconds"]) && isAmount(value["finished"]) && isFields(readable) && isFields(readable["key"]) && isFields(readable["parts"]) && Object.values(readable["parts"]).every((part) => typeof part === "string") && isFields(environment) ? value : void 0;
}
/** The key that an alias points to, or undefined where the value is no alias. */
function parseAlias(value) {
	if (!isFields(value) || value["schema"] !== 1) return void 0;
	return isHex(value["resolved"], 32) ? value["resolved"] : void 0;
}
/** Whether every blob of the record is there with its size; only then the record counts. */
function isComplete(store, record) {
	return store.hasAll(record.blobs);
}
function isFields(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
function isHex(value, digits) {
	return typeof value === "string" && value.length === digits && /^[0-9a-f]*$/.test(value);
}
function isSize(value) {
	return Number.isSafeInteger(value) && value >= 0;
}
function isAmount(value) {
	return Number.isFinite(value) && value >= 0;
}
function readableKey(node, leaves, inputs) {
	const { kind, params, seed } = node;
	return {
		schema: 1,
		kind,
		code: leaves.code.digest,
		params,
		inputs,
		files: leaves.files,
		env: leaves.env,
		seed
	};
}
function hashKey(hasher, key) {
	return hasher.key(canonical(key));
}
// engine/project.ts
/** Folder of the cache of a project: `.kith` beside its package.json, or beside the pipeline file where there is none. */
function cacheFolderOf(file) {
	const root = nearestPackage(dirname(file)) ?? dirname(file);
	return {
		root,
		cacheFolder: join(root, ".kith")
	};
}
/** Compiles and loads a pipeline file and opens its cache. Throws KithErrors with exit code 2 for anything wrong in the file. */
async function openProject({ file = "pipeline.ts", variants = [{}], cwd }) {
	const absolute = resolve(cwd, file);
	if (!existsSync(absolute) || !statSync(absolute).isFile()) throw new KithError(`There is no pipeline file ${file}.`, {
		facts: [`Looked at ${absolute}.`],
		hint: "Name one: kith run path/to/pipeline.ts",
		exitCode: 2
	});
	const shown = relative(cwd, absolute) || basename(absolute);
	const { root, cacheFolder } = cacheFolderOf(absolute);
	const damages = [];
	const hasher = await loadHasher();
	const store = openStore(cacheFolder, { onDamage: (text) => void damages.push(text) });
	const statCache = openStatCache(join(cacheFolder, "stat-cache"), hasher);
	const compiled = await compile(absolute, { cacheFolder });
	const pipeline = await loadPipeline(compiled, {
		shown,
		temporaries: join(cacheFolder, "tmp")
	});
	const history = openHistory(cacheFolder, relative(root, absolute), hasher);
	return {
		shown,
		file: absolute,
		root,
		cacheFolder,
		compiled,
		...buildGraph(pipeline, variants),
		store,
		hasher,
		statCache,
		history,
		damages
	};
}
/** What the plan of a project knows; leaves and records are looked up once. */
function knowledgeOf(project, forced = []) {
	const { store, hasher, statCache, compiled, root, history, graph } = project;
	const leaves = /* @__PURE__ */ new Map();
	const lookUp = (key) => {
		const record = parseRecord(store.getRecordSync(key));
		return record && isComplete(store, record) ? record : void 0;
	};
	return {
		hasher,
		forced: new Set(resolveTargets(graph, forced)),
		last: (name) => history.last(name),
		lookUp,
		lookUpPredicted: (key) => {
			const resolved = parseAlias(store.getRecordSync(key));
			return resolved && lookUp(resolved);
		},
		leaves: (node) => {
			let found = leaves.get(node.name);
			if (!found) leaves.set(node.name, found = leavesOf(node, compiled, root, statCache));
			return found;
		}
	};
}
function leavesOf(node, compiled, root, statCache) {
	const code = compiled.code[node.kind];
	if (!code) throw new Error(`no code slice for the kind ${node.kind}`);
	return {
		code,
		env: Object.fromEntries((node.definition.env ?? []).map((name) => [name, process.env[name] ?? null])),
		files: digestFiles(node, root, (path) => statCache.digest(path))
	};
}
// cache/array.ts
/** Whether a value is an NdArray (and not a plain record that happens to have a shape). */
function isNdArray(value) {
	return typeof value === "object" && value !== null && "dtype" in value && "data" in value && ArrayBuffer.isView(value.data);
}
// node_modules/msgpackr/unpack.js
var decoder;
try {
	decoder = new TextDecoder();
} catch (error) {}
var src;
var srcEnd;
var position$1 = 0;
const EMPTY_ARRAY = [];
const EXTRACTION_FAILED = [];
var strings = EMPTY_ARRAY;
var stringPosition = 0;
var currentUnpackr = {};
var currentStructures;
var srcString;
var srcStringStart = 0;
var srcStringEnd = 0;
var bundledStrings$1;
var referenceMap;
var currentExtensions = [];
var dataView;
var arrayAllocationBudget;
var fragmentEnd = 0;
var defaultOptions = {
	useRecords: false,
	mapsAsObjects: true
};
var C1Type = class {};
const C1 = new C1Type();
C1.name = "MessagePack 0xC1";
var sequentialMode = false;
var inlineObjectReadThreshold = 2;
var Unpackr = class Unpackr {
	constructor(options) {
		if (options) {
			if (options.useRecords === false && options.mapsAsObjects === void 0) options.mapsAsObjects = true;
			if (options.sequential && options.trusted !== false) {
				options.trusted = true;
				if (!options.structures && options.useRecords != false) {
					options.structures = [];
					if (!options.maxSharedStructures) options.maxSharedStructures = 0;
				}
			}
			if (options.structures) options.structures.sharedLength = options.structures.length;
			else if (options.getStructures) {
				(options.structures = []).uninitialized = true;
				options.structures.sharedLength = 0;
			}
			if (options.int64AsNumber) options.int64AsType = "number";
		}
		Object.assign(this, options);
	}
	unpack(source, options) {
		if (src) return saveState(() => {
			clearSource();
			try {
				return this ? this.unpack(source, options) : Unpackr.prototype.unpack.call(defaultOptions, source, options);
			} catch (error) {
				if (error && typeof error == "object") nestedUnpackErrors.add(error);
				throw error;
			}
		});
		if (!source.buffer && source.constructor === ArrayBuffer) source = typeof Buffer !== "undefined" ? Buffer.from(source) : new Uint8Array(source);
		if (typeof options === "object") {
			srcEnd = options.end || source.length;
			position$1 = options.start || 0;
		} else {
			position$1 = 0;
			srcEnd = options > -1 ? options : source.length;
		}
		if (srcEnd > source.length) srcEnd = source.length;
		stringPosition = 0;
		srcStringEnd = 0;
		srcString = null;
		strings = EMPTY_ARRAY;
		bundledStrings$1 = null;
		src = source;
		try {
			dataView = source.dataView || (source.dataView = new DataView(source.buffer, source.byteOffset, source.byteLength));
		} catch (error) {
			src = null;
			if (source instanceof Uint8Array) throw error;
			throw new Error("Source must be a Uint8Array or Buffer but was a " + (source && typeof source == "object" ? source.constructor.name : typeof source));
		}
		if (this instanceof Unpackr) {
			currentUnpackr = this;
			if (this.structures) {
				currentStructures = this.structures;
				return checkedRead(options);
			} else if (!currentStructures || currentStructures.length > 0) currentStructures = [];
		} else {
			currentUnpackr = defaultOptions;
			if (!currentStructures || currentStructures.length > 0) currentStructures = [];
		}
		return checkedRead(options);
	}
	unpackMultiple(source, forEach) {
		if (src) return saveState(() => {
			clearSource();
			try {
				return this ? this.unpackMultiple(source, forEach) : defaultUnpackr.unpackMultiple(source, forEach);
			} catch (error) {
				if (error && typeof error == "object") nestedUnpackErrors.add(error);
				throw error;
			}
		});
		let values, lastPosition = 0;
		try {
			sequentialMode = true;
			let size = source.length;
			let value = this ? this.unpack(source, size) : defaultUnpackr.unpack(source, size);
			if (forEach) {
				let end = position$1;
				if (forEach(value, lastPosition, end) === false) return;
				while (end < size) {
					lastPosition = end;
					value = checkedRead();
					end = position$1;
					if (forEach(value, lastPosition, end) === false) return;
				}
			} else {
				values = [value];
				while (position$1 < size) {
					lastPosition = position$1;
					values.push(checkedRead());
				}
				return values;
			}
		} catch (error) {
			if (error && typeof error == "object") {
				error.lastPosition = lastPosition;
				error.values = values;
			}
			throw error;
		} finally {
			sequentialMode = false;
			clearSource();
		}
	}
	_mergeStructures(loadedStructures, existingStructures) {
		if (this._onLoadedStructures) loadedStructures = this._onLoadedStructures(loadedStructures);
		loadedStructures = loadedStructures || [];
		if (Object.isFrozen(loadedStructures)) loadedStructures = loadedStructures.map((structure) => structure.slice(0));
		for (let i = 0, l = loadedStructures.length; i < l; i++) {
			let structure = loadedStructures[i];
			if (structure) {
				structure.isShared = true;
				if (i >= 32) structure.highByte = i - 32 >> 5;
			}
		}
		loadedStructures.sharedLength = loadedStructures.length;
		for (let id in existingStructures || []) if (id >= 0) {
			let structure = loadedStructures[id];
			let existing = existingStructures[id];
			if (existing) {
				if (structure) (loadedStructures.restoreStructures || (loadedStructures.restoreStructures = []))[id] = structure;
				loadedStructures[id] = existing;
			}
		}
		return this.structures = loadedStructures;
	}
	decode(source, options) {
		return this.unpack(source, options);
	}
};
const nestedUnpackErrors = /* @__PURE__ */ new WeakSet();
function checkedRead(options) {
	try {
		if (!currentUnpackr.trusted && !sequentialMode) {
			let sharedLength = currentStructures.sharedLength || 0;
			if (sharedLength < currentStructures.length) currentStructures.length = sharedLength;
		}
		let result;
		arrayAllocationBudget = srcEnd - position$1;
		if (currentUnpackr._readStruct && src[position$1] < 64 && src[position$1] >= 32) {
			result = currentUnpackr._readStruct(src, position$1, srcEnd);
			src = null;
			if (!(options && options.lazy) && result) result = result.toJSON();
			position$1 = srcEnd;
		} else result = read();
		if (bundledStrings$1) {
			position$1 = bundledStrings$1.postBundlePosition;
			bundledStrings$1 = null;
		}
		if (sequentialMode && position$1 <= srcEnd) currentStructures.restoreStructures = null;
		if (position$1 == srcEnd) {
			if (currentStructures && currentStructures.restoreStructures) restoreStructures();
			currentStructures = null;
			src = null;
			if (referenceMap) referenceMap = null;
		} else if (position$1 > srcEnd) throw new Error("Unexpected end of MessagePack data");
		else if (!sequentialMode) {
			let jsonView;
			try {
				jsonView = JSON.stringify(result, (_, value) => typeof value === "bigint" ? `${value}n` : value).slice(0, 100);
			} catch (error) {
				jsonView = "(JSON view not available " + error + ")";
			}
			throw new Error("Data read, but end of buffer not reached " + jsonView);
		}
		return result;
	} catch (error) {
		if (currentStructures && currentStructures.restoreStructures) restoreStructures();
		clearSource();
		classifyIncomplete(error);
		throw error;
	}
}
function classifyIncomplete(error) {
	if (!error || typeof error != "object") return;
	if (position$1 > srcEnd) error.incomplete = true;
	else if (nestedUnpackErrors.has(error)) {
		if (error.incomplete) error.incomplete = false;
	} else if (error instanceof RangeError && position$1 + 8 > srcEnd || typeof error.message == "string" && error.message.startsWith("Unexpected end of buffer")) error.incomplete = true;
}
function restoreStructures() {
	for (let id in currentStructures.restoreStructures) currentStructures[id] = currentStructures.restoreStructures[id];
	currentStructures.restoreStructures = null;
}
function read() {
	let token = src[position$1++];
	if (token < 160) {
		if (token < 128) {
			if (token < 64) return token;
			else {
				let structure = currentStructures[token & 63] || currentUnpackr.getStructures && loadStructures()[token & 63];
				if (structure) {
					if (!structure.read) structure.read = createStructureReader(structure, token & 63);
					return structure.read();
				} else return token;
			}
		} else if (token < 144) {
			token -= 128;
			if (currentUnpackr.mapsAsObjects) {
				let object = {};
				for (let i = 0; i < token; i++) {
					let key = readKey();
					if (key === "__proto__") key = "__proto_";
					object[key] = read();
				}
				return object;
			} else {
				let map = /* @__PURE__ */ new Map();
				for (let i = 0; i < token; i++) map.set(read(), read());
				return map;
			}
		} else {
			token -= 144;
			let array = new Array(token);
			for (let i = 0; i < token; i++) array[i] = read();
			if (currentUnpackr.freezeData) return Object.freeze(array);
			return array;
		}
	} else if (token < 192) {
		let length = token - 160;
		if (srcStringEnd >= position$1) return srcString.slice(position$1 - srcStringStart, (position$1 += length) - srcStringStart);
		if (srcStringEnd == 0 && srcEnd < 140) {
			let string = length < 16 ? shortStringInJS(length) : longStringInJS(length);
			if (string != null) return string;
		}
		return readFixedString(length);
	} else {
		let value;
		switch (token) {
			case 192: return null;
			case 193:
				if (bundledStrings$1) {
					value = read();
					if (value > 0) return bundledStrings$1[1].slice(bundledStrings$1.position1, bundledStrings$1.position1 += value);
					else return bundledStrings$1[0].slice(bundledStrings$1.position0, bundledStrings$1.position0 -= value);
				}
				return C1;
			case 194: return false;
			case 195: return true;
			case 196:
				value = src[position$1++];
				if (value === void 0) throw new Error("Unexpected end of buffer");
				return readBin(value);
			case 197:
				value = dataView.getUint16(position$1);
				position$1 += 2;
				if (value > srcEnd - position$1) throw endOfMessagePackError(position$1 + value);
				return readBin(value);
			case 198:
				value = dataView.getUint32(position$1);
				position$1 += 4;
				if (value > srcEnd - position$1) throw endOfMessagePackError(position$1 + value);
				return readBin(value);
			case 199: return readExt(src[position$1++]);
			case 200:
				value = dataView.getUint16(position$1);
				position$1 += 2;
				return readExt(value);
			case 201:
				value = dataView.getUint32(position$1);
				position$1 += 4;
				return readExt(value);
			case 202:
				value = dataView.getFloat32(position$1);
				if (currentUnpackr.useFloat32 > 2) {
					let multiplier = mult10[(src[position$1] & 127) << 1 | src[position$1 + 1] >> 7];
					position$1 += 4;
					return (multiplier * value + (value > 0 ? .5 : -.5) >> 0) / multiplier;
				}
				position$1 += 4;
				return value;
			case 203:
				value = dataView.getFloat64(position$1);
				position$1 += 8;
				return value;
			case 204: return src[position$1++];
			case 205:
				value = dataView.getUint16(position$1);
				position$1 += 2;
				return value;
			case 206:
				value = dataView.getUint32(position$1);
				position$1 += 4;
				return value;
			case 207:
				if (currentUnpackr.int64AsType === "number") {
					value = dataView.getUint32(position$1) * 4294967296;
					value += dataView.getUint32(position$1 + 4);
				} else if (currentUnpackr.int64AsType === "string") value = dataView.getBigUint64(position$1).toString();
				else if (currentUnpackr.int64AsType === "auto") {
					value = dataView.getBigUint64(position$1);
					if (value <= BigInt(2) << BigInt(52)) value = Number(value);
				} else value = dataView.getBigUint64(position$1);
				position$1 += 8;
				return value;
			case 208: return dataView.getInt8(position$1++);
			case 209:
				value = dataView.getInt16(position$1);
				position$1 += 2;
				return value;
			case 210:
				value = dataView.getInt32(position$1);
				position$1 += 4;
				return value;
			case 211:
				if (currentUnpackr.int64AsType === "number") {
					value = dataView.getInt32(position$1) * 4294967296;
					value += dataView.getUint32(position$1 + 4);
				} else if (currentUnpackr.int64AsType === "string") value = dataView.getBigInt64(position$1).toString();
				else if (currentUnpackr.int64AsType === "auto") {
					value = dataView.getBigInt64(position$1);
					if (value >= BigInt(-2) << BigInt(52) && value <= BigInt(2) << BigInt(52)) value = Number(value);
				} else value = dataView.getBigInt64(position$1);
				position$1 += 8;
				return value;
			case 212:
				value = src[position$1++];
				if (value == 114) return recordDefinition(src[position$1++] & 63);
				else {
					let extension = currentExtensions[value];
					if (extension) {
						if (extension.read) {
							position$1++;
							return extension.read(read());
						} else if (extension.noBuffer) {
							position$1++;
							return extension();
						} else {
							if (position$1 >= srcEnd) throw endOfMessagePackError();
							return extension(src.subarray(position$1, ++position$1));
						}
					} else throw new Error("Unknown extension " + value);
				}
			case 213:
				value = src[position$1];
				if (value == 114) {
					position$1++;
					return recordDefinition(src[position$1++] & 63, src[position$1++]);
				} else return readExt(2);
			case 214: return readExt(4);
			case 215: return readExt(8);
			case 216: return readExt(16);
			case 217:
				value = src[position$1++];
				if (srcStringEnd >= position$1) return srcString.slice(position$1 - srcStringStart, (position$1 += value) - srcStringStart);
				return readString8(value);
			case 218:
				value = dataView.getUint16(position$1);
				position$1 += 2;
				if (value > srcEnd - position$1) throw endOfMessagePackError(position$1 + value);
				if (srcStringEnd >= position$1) return srcString.slice(position$1 - srcStringStart, (position$1 += value) - srcStringStart);
				return readString16(value);
			case 219:
				value = dataView.getUint32(position$1);
				position$1 += 4;
				if (value > srcEnd - position$1) throw endOfMessagePackError(position$1 + value);
				if (srcStringEnd >= position$1) return srcString.slice(position$1 - srcStringStart, (position$1 += value) - srcStringStart);
				return readString32(value);
			case 220:
				value = dataView.getUint16(position$1);
				position$1 += 2;
				return readArray(value);
			case 221:
				value = dataView.getUint32(position$1);
				position$1 += 4;
				return readArray(value);
			case 222:
				value = dataView.getUint16(position$1);
				position$1 += 2;
				return readMap(value);
			case 223:
				value = dataView.getUint32(position$1);
				position$1 += 4;
				return readMap(value);
			default:
				if (token >= 224) return token - 256;
				if (token === void 0) throw endOfMessagePackError();
				throw new Error("Unknown MessagePack token " + token);
		}
	}
}
const validName = /^[a-zA-Z_$][a-zA-Z\d_$]*$/;
function createStructureReader(structure, firstId) {
	function readObject() {
		if (readObject.count++ > inlineObjectReadThreshold) {
			let optimizedReadObject;
			try {
				optimizedReadObject = structure.read = new Function("r", "return function(){return " + (currentUnpackr.freezeData ? "Object.freeze" : "") + "({" + structure.map((key) => key === "__proto__" ? "__proto_:r()" : validName.test(key) ? key + ":r()" : "[" + JSON.stringify(key) + "]:r()").join(",") + "})}")(read);
			} catch (error) {
				inlineObjectReadThreshold = 1e400;
				return readObject();
			}
			structure.read0 = optimizedReadObject;
			if (structure.highByte === 0) structure.read = createSecondByteReader(firstId, structure.read);
			return optimizedReadObject();
		}
		let object = {};
		for (let i = 0, l = structure.length; i < l; i++) {
			let key = structure[i];
			if (key === "__proto__") key = "__proto_";
			object[key] = read();
		}
		if (currentUnpackr.freezeData) return Object.freeze(object);
		return object;
	}
	readObject.count = 0;
	structure.read0 = readObject;
	if (structure.highByte === 0) return createSecondByteReader(firstId, readObject);
	return readObject;
}
const createSecondByteReader = (firstId, read0) => {
	return function() {
		let highByte = src[position$1++];
		if (highByte === 0) return read0();
		let id = firstId < 32 ? -(firstId + (highByte << 5)) : firstId + (highByte << 5);
		let structure = currentStructures[id] || loadStructures()[id];
		if (!structure) throw new Error("Record id is not defined for " + id);
		if (!structure.read) structure.read = createStructureReader(structure, firstId);
		return structure.read();
	};
};
function loadStructures() {
	let loadedStructures = saveState(() => {
		src = null;
		return currentUnpackr.getStructures();
	});
	return currentStructures = currentUnpackr._mergeStructures(loadedStructures, currentStructures);
}
var readFixedString = readStringJS;
var readString8 = readStringJS;
var readString16 = readStringJS;
var readString32 = readStringJS;
function setExtractor(extractStrings) {
	readFixedString = readString(1);
	readString8 = readString(2);
	readString16 = readString(3);
	readString32 = readString(5);
	function tryExtractStrings(start, end, buffer) {
		try {
			return extractStrings(start, end, buffer);
		} catch (error) {
			return EXTRACTION_FAILED;
		}
	}
	function readString(headerLength) {
		return function readString(length) {
			let string = strings[stringPosition++];
			if (string == null) {
				if (bundledStrings$1 || strings === EXTRACTION_FAILED) return readStringJS(length);
				let byteOffset = src.byteOffset;
				let extraction = tryExtractStrings(position$1 - headerLength + byteOffset, srcEnd + byteOffset, src.buffer);
				if (extraction === EXTRACTION_FAILED) {
					strings = EXTRACTION_FAILED;
					return readStringJS(length);
				}
				if (typeof extraction == "string") {
					string = extraction;
					strings = EMPTY_ARRAY;
				} else {
					strings = extraction;
					stringPosition = 1;
					srcStringEnd = 1;
					string = strings[0];
					if (string === void 0) throw new Error("Unexpected end of buffer");
				}
			}
			let srcStringLength = string.length;
			if (srcStringLength <= length) {
				position$1 += length;
				return string;
			}
			srcString = string;
			srcStringStart = position$1;
			srcStringEnd = position$1 + srcStringLength;
			position$1 += length;
			return string.slice(0, length);
		};
	}
}
function readStringJS(length) {
	let result;
	if (length < 16) {
		if (result = shortStringInJS(length)) return result;
	}
	if (length > 64 && decoder) return decoder.decode(src.subarray(position$1, position$1 += length));
	const end = position$1 + length;
	const units = [];
	result = "";
	while (position$1 < end) {
		const byte1 = src[position$1++];
		if ((byte1 & 128) === 0) units.push(byte1);
		else if ((byte1 & 224) === 192) {
			if (byte1 < 194 || position$1 >= end || (src[position$1] & 192) !== 128) units.push(65533);
			else {
				const byte2 = src[position$1++] & 63;
				units.push((byte1 & 31) << 6 | byte2);
			}
		} else if ((byte1 & 240) === 224) {
			const byte2 = position$1 < end ? src[position$1] : 0;
			if (position$1 >= end || (byte2 & 192) !== 128 || byte1 === 224 && byte2 < 160 || byte1 === 237 && byte2 >= 160) units.push(65533);
			else {
				position$1++;
				if (position$1 >= end || (src[position$1] & 192) !== 128) units.push(65533);
				else {
					const byte3 = src[position$1++] & 63;
					units.push((byte1 & 31) << 12 | (byte2 & 63) << 6 | byte3);
				}
			}
		} else if ((byte1 & 248) === 240) {
			const byte2 = position$1 < end ? src[position$1] : 0;
			if (byte1 > 244 || position$1 >= end || (byte2 & 192) !== 128 || byte1 === 240 && byte2 < 144 || byte1 === 244 && byte2 >= 144) units.push(65533);
			else {
				position$1++;
				if (position$1 >= end || (src[position$1] & 192) !== 128) units.push(65533);
				else {
					const byte3 = src[position$1++] & 63;
					if (position$1 >= end || (src[position$1] & 192) !== 128) units.push(65533);
					else {
						const byte4 = src[position$1++] & 63;
						let unit = (byte1 & 7) << 18 | (byte2 & 63) << 12 | byte3 << 6 | byte4;
						unit -= 65536;
						units.push(unit >>> 10 & 1023 | 55296);
						units.push(56320 | unit & 1023);
					}
				}
			}
		} else units.push(65533);
		if (units.length >= 4096) {
			result += fromCharCode.apply(String, units);
			units.length = 0;
		}
	}
	if (units.length > 0) result += fromCharCode.apply(String, units);
	return result;
}
function endOfMessagePackError(end) {
	let error = /* @__PURE__ */ new Error("Unexpected end of MessagePack data");
	error.incomplete = true;
	if (end > srcEnd && position$1 <= srcEnd) error.missingBytes = end - srcEnd;
	return error;
}
function readArray(length) {
	if (length > srcEnd - position$1 || (arrayAllocationBudget -= length) < 0) throw endOfMessagePackError(position$1 + length);
	let array = new Array(length);
	for (let i = 0; i < length; i++) array[i] = read();
	if (currentUnpackr.freezeData) return Object.freeze(array);
	return array;
}
function readMap(length) {
	if (length > (srcEnd - position$1) / 2) throw endOfMessagePackError(position$1 + 2 * length);
	if (currentUnpackr.mapsAsObjects) {
		let object = {};
		for (let i = 0; i < length; i++) {
			let key = readKey();
			if (key === "__proto__") key = "__proto_";
			object[key] = read();
		}
		return object;
	} else {
		let map = /* @__PURE__ */ new Map();
		for (let i = 0; i < length; i++) map.set(read(), read());
		return map;
	}
}
var fromCharCode = String.fromCharCode;
function longStringInJS(length) {
	let start = position$1;
	if (src.latin1Slice) {
		let end = start + length;
		if (end > srcEnd) return;
		for (let i = start; i < end; i++) if ((src[i] & 128) > 0) return;
		position$1 = end;
		return src.latin1Slice(start, end);
	}
	let bytes = new Array(length);
	for (let i = 0; i < length; i++) {
		const byte = src[position$1++];
		if ((byte & 128) > 0) {
			position$1 = start;
			return;
		}
		bytes[i] = byte;
	}
	return fromCharCode.apply(String, bytes);
}
function shortStringInJS(length) {
	if (length < 4) {
		if (length < 2) {
			if (length === 0) return "";
			else {
				let a = src[position$1++];
				if ((a & 128) > 1) {
					position$1 -= 1;
					return;
				}
				return fromCharCode(a);
			}
		} else {
			let a = src[position$1++];
			let b = src[position$1++];
			if ((a & 128) > 0 || (b & 128) > 0) {
				position$1 -= 2;
				return;
			}
			if (length < 3) return fromCharCode(a, b);
			let c = src[position$1++];
			if ((c & 128) > 0) {
				position$1 -= 3;
				return;
			}
			return fromCharCode(a, b, c);
		}
	} else {
		let a = src[position$1++];
		let b = src[position$1++];
		let c = src[position$1++];
		let d = src[position$1++];
		if ((a & 128) > 0 || (b & 128) > 0 || (c & 128) > 0 || (d & 128) > 0) {
			position$1 -= 4;
			return;
		}
		if (length < 6) {
			if (length === 4) return fromCharCode(a, b, c, d);
			else {
				let e = src[position$1++];
				if ((e & 128) > 0) {
					position$1 -= 5;
					return;
				}
				return fromCharCode(a, b, c, d, e);
			}
		} else if (length < 8) {
			let e = src[position$1++];
			let f = src[position$1++];
			if ((e & 128) > 0 || (f & 128) > 0) {
				position$1 -= 6;
				return;
			}
			if (length < 7) return fromCharCode(a, b, c, d, e, f);
			let g = src[position$1++];
			if ((g & 128) > 0) {
				position$1 -= 7;
				return;
			}
			return fromCharCode(a, b, c, d, e, f, g);
		} else {
			let e = src[position$1++];
			let f = src[position$1++];
			let g = src[position$1++];
			let h = src[position$1++];
			if ((e & 128) > 0 || (f & 128) > 0 || (g & 128) > 0 || (h & 128) > 0) {
				position$1 -= 8;
				return;
			}
			if (length < 10) {
				if (length === 8) return fromCharCode(a, b, c, d, e, f, g, h);
				else {
					let i = src[position$1++];
					if ((i & 128) > 0) {
						position$1 -= 9;
						return;
					}
					return fromCharCode(a, b, c, d, e, f, g, h, i);
				}
			} else if (length < 12) {
				let i = src[position$1++];
				let j = src[position$1++];
				if ((i & 128) > 0 || (j & 128) > 0) {
					position$1 -= 10;
					return;
				}
				if (length < 11) return fromCharCode(a, b, c, d, e, f, g, h, i, j);
				let k = src[position$1++];
				if ((k & 128) > 0) {
					position$1 -= 11;
					return;
				}
				return fromCharCode(a, b, c, d, e, f, g, h, i, j, k);
			} else {
				let i = src[position$1++];
				let j = src[position$1++];
				let k = src[position$1++];
				let l = src[position$1++];
				if ((i & 128) > 0 || (j & 128) > 0 || (k & 128) > 0 || (l & 128) > 0) {
					position$1 -= 12;
					return;
				}
				if (length < 14) {
					if (length === 12) return fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l);
					else {
						let m = src[position$1++];
						if ((m & 128) > 0) {
							position$1 -= 13;
							return;
						}
						return fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m);
					}
				} else {
					let m = src[position$1++];
					let n = src[position$1++];
					if ((m & 128) > 0 || (n & 128) > 0) {
						position$1 -= 14;
						return;
					}
					if (length < 15) return fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n);
					let o = src[position$1++];
					if ((o & 128) > 0) {
						position$1 -= 15;
						return;
					}
					return fromCharCode(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o);
				}
			}
		}
	}
}
function readOnlyJSString() {
	let token = src[position$1++];
	let length;
	if (token < 192) length = token - 160;
	else switch (token) {
		case 217:
			length = src[position$1++];
			break;
		case 218:
			length = dataView.getUint16(position$1);
			position$1 += 2;
			break;
		case 219:
			length = dataView.getUint32(position$1);
			position$1 += 4;
			break;
		default: throw new Error("Expected string");
	}
	return readStringJS(length);
}
function readBin(length) {
	return currentUnpackr.copyBuffers ? Uint8Array.prototype.slice.call(src, position$1, position$1 += length) : src.subarray(position$1, position$1 += length);
}
function readExt(length) {
	if (length >= srcEnd - position$1) throw endOfMessagePackError(position$1 + 1 + length);
	let type = src[position$1++];
	if (currentExtensions[type]) {
		let end;
		return currentExtensions[type](src.subarray(position$1, end = position$1 += length), (readPosition) => {
			position$1 = readPosition;
			try {
				return read();
			} finally {
				position$1 = end;
			}
		});
	} else throw new Error("Unknown extension type " + type);
}
var keyCache = new Array(4096);
function readKey() {
	let length = src[position$1++];
	if (length >= 160 && length < 192) {
		length = length - 160;
		if (srcStringEnd >= position$1) return srcString.slice(position$1 - srcStringStart, (position$1 += length) - srcStringStart);
		else if (!(srcStringEnd == 0 && srcEnd < 180)) return readFixedString(length);
	} else {
		position$1--;
		return asSafeString(read());
	}
	if (length > srcEnd - position$1) throw endOfMessagePackError(position$1 + length);
	let key = (length << 5 ^ (length > 1 ? dataView.getUint16(position$1) : length > 0 ? src[position$1] : 0)) & 4095;
	let entry = keyCache[key];
	let checkPosition = position$1;
	let end = position$1 + length - 3;
	let chunk;
	let i = 0;
	if (entry && entry.bytes == length) {
		while (checkPosition < end) {
			chunk = dataView.getUint32(checkPosition);
			if (chunk != entry[i++]) {
				checkPosition = 1879048192;
				break;
			}
			checkPosition += 4;
		}
		end += 3;
		while (checkPosition < end) {
			chunk = src[checkPosition++];
			if (chunk != entry[i++]) {
				checkPosition = 1879048192;
				break;
			}
		}
		if (checkPosition === end) {
			position$1 = checkPosition;
			return entry.string;
		}
		end -= 3;
		checkPosition = position$1;
	}
	entry = [];
	keyCache[key] = entry;
	entry.bytes = length;
	while (checkPosition < end) {
		chunk = dataView.getUint32(checkPosition);
		entry.push(chunk);
		checkPosition += 4;
	}
	end += 3;
	while (checkPosition < end) {
		chunk = src[checkPosition++];
		entry.push(chunk);
	}
	let string = length < 16 ? shortStringInJS(length) : longStringInJS(length);
	if (string != null) return entry.string = string;
	return entry.string = readFixedString(length);
}
function asSafeString(property) {
	if (typeof property === "string") return property;
	if (typeof property === "number" || typeof property === "boolean" || typeof property === "bigint") return property.toString();
	if (property == null) return property + "";
	if (currentUnpackr.allowArraysInMapKeys && Array.isArray(property) && property.flat().every((item) => [
		"string",
		"number",
		"boolean",
		"bigint"
	].includes(typeof item))) return property.flat().toString();
	throw new Error(`Invalid property type for record: ${typeof property}. A MessagePack map with non-string keys can be decoded as a Map with mapsAsObjects: false`);
}
const recordDefinition = (id, highByte) => {
	let structure = read().map(asSafeString);
	let firstByte = id;
	if (highByte !== void 0) {
		id = id < 32 ? -((highByte << 5) + id) : (highByte << 5) + id;
		structure.highByte = highByte;
	}
	let existingStructure = currentStructures[id];
	if (sequentialMode || existingStructure && existingStructure.isShared) {
		let restore = currentStructures.restoreStructures || (currentStructures.restoreStructures = []);
		if (!(id in restore)) restore[id] = existingStructure;
	}
	currentStructures[id] = structure;
	structure.read = createStructureReader(structure, firstByte);
	return (structure.read0 || structure.read)();
};
currentExtensions[0] = () => {};
currentExtensions[0].noBuffer = true;
currentExtensions[66] = (data) => {
	let headLength = data.byteLength % 8 || 8;
	let head = BigInt(data[0] & 128 ? data[0] - 256 : data[0]);
	for (let i = 1; i < headLength; i++) {
		head <<= BigInt(8);
		head += BigInt(data[i]);
	}
	if (data.byteLength !== headLength) {
		let view = new DataView(data.buffer, data.byteOffset, data.byteLength);
		let decode = (start, end) => {
			let length = end - start;
			if (length <= 40) {
				let out = view.getBigUint64(start);
				for (let i = start + 8; i < end; i += 8) {
					out <<= BigInt(64);
					out |= view.getBigUint64(i);
				}
				return out;
			}
			let middle = start + (length >> 4 << 3);
			let left = decode(start, middle);
			let right = decode(middle, end);
			return left << BigInt((end - middle) * 8) | right;
		};
		head = head << BigInt((view.byteLength - headLength) * 8) | decode(headLength, view.byteLength);
	}
	return head;
};
let errors = {
	Error,
	EvalError,
	RangeError,
	ReferenceError,
	SyntaxError,
	TypeError,
	URIError,
	AggregateError: typeof AggregateError === "function" ? AggregateError : null
};
currentExtensions[101] = () => {
	let data = read();
	if (data[0] === "AggregateError" && errors.AggregateError) return new errors.AggregateError(data[3] || [], data[1], { cause: data[2] });
	if (!errors[data[0]]) {
		let error = Error(data[1], { cause: data[2] });
		error.name = data[0];
		return error;
	}
	return errors[data[0]](data[1], { cause: data[2] });
};
currentExtensions[105] = (data) => {
	if (currentUnpackr.structuredClone === false) throw new Error("Structured clone extension is disabled");
	let id = dataView.getUint32(position$1 - 4);
	if (!referenceMap) referenceMap = /* @__PURE__ */ new Map();
	let token = src[position$1];
	let target;
	if (token >= 144 && token < 160 || token == 220 || token == 221) target = [];
	else if (token >= 128 && token < 144 || token == 222 || token == 223) target = /* @__PURE__ */ new Map();
	else if ((token >= 199 && token <= 201 || token >= 212 && token <= 216) && src[position$1 + 1] === 115) target = /* @__PURE__ */ new Set();
	else target = {};
	let refEntry = { target };
	referenceMap.set(id, refEntry);
	let targetProperties = read();
	if (!refEntry.used) return refEntry.target = targetProperties;
	else Object.assign(target, targetProperties);
	if (target instanceof Map) for (let [k, v] of targetProperties.entries()) target.set(k, v);
	if (target instanceof Set) for (let i of Array.from(targetProperties)) target.add(i);
	return target;
};
currentExtensions[112] = (data) => {
	if (currentUnpackr.structuredClone === false) throw new Error("Structured clone extension is disabled");
	let id = dataView.getUint32(position$1 - 4);
	let refEntry = referenceMap.get(id);
	refEntry.used = true;
	return refEntry.target;
};
currentExtensions[115] = () => new Set(read());
const typedArrays = [
	"Int8",
	"Uint8",
	"Uint8Clamped",
	"Int16",
	"Uint16",
	"Int32",
	"Uint32",
	"Float32",
	"Float64",
	"BigInt64",
	"BigUint64"
].map((type) => type + "Array");
let glbl = typeof globalThis === "object" ? globalThis : window;
currentExtensions[116] = (data) => {
	let typeCode = data[0];
	let buffer = Uint8Array.prototype.slice.call(data, 1).buffer;
	let typedArrayName = typedArrays[typeCode];
	if (!typedArrayName) {
		if (typeCode === 16) return buffer;
		if (typeCode === 17) return new DataView(buffer);
		throw new Error("Could not find typed array for code " + typeCode);
	}
	return new glbl[typedArrayName](buffer);
};
currentExtensions[120] = () => {
	let data = read();
	return new RegExp(data[0], data[1]);
};
const TEMP_BUNDLE = [];
currentExtensions[98] = (data) => {
	let dataSize = (data[0] << 24) + (data[1] << 16) + (data[2] << 8) + data[3];
	let dataPosition = position$1;
	position$1 += dataSize - data.length;
	bundledStrings$1 = TEMP_BUNDLE;
	bundledStrings$1 = [readOnlyJSString(), readOnlyJSString()];
	bundledStrings$1.position0 = 0;
	bundledStrings$1.position1 = 0;
	bundledStrings$1.postBundlePosition = position$1;
	position$1 = dataPosition;
	return read();
};
currentExtensions[255] = (data) => {
	if (data.length == 4) return /* @__PURE__ */ new Date((data[0] * 16777216 + (data[1] << 16) + (data[2] << 8) + data[3]) * 1e3);
	else if (data.length == 8) return /* @__PURE__ */ new Date(((data[0] << 22) + (data[1] << 14) + (data[2] << 6) + (data[3] >> 2)) / 1e6 + ((data[3] & 3) * 4294967296 + data[4] * 16777216 + (data[5] << 16) + (data[6] << 8) + data[7]) * 1e3);
	else if (data.length == 12) return /* @__PURE__ */ new Date(((data[0] << 24) + (data[1] << 16) + (data[2] << 8) + data[3]) / 1e6 + ((data[4] & 128 ? -281474976710656 : 0) + data[6] * 1099511627776 + data[7] * 4294967296 + data[8] * 16777216 + (data[9] << 16) + (data[10] << 8) + data[11]) * 1e3);
	else return /* @__PURE__ */ new Date("invalid");
};
function saveState(callback) {
	if (currentUnpackr && currentUnpackr._onSaveState) currentUnpackr._onSaveState();
	let savedSrcEnd = srcEnd;
	let savedPosition = position$1;
	let savedStringPosition = stringPosition;
	let savedSrcStringStart = srcStringStart;
	let savedSrcStringEnd = srcStringEnd;
	let savedSrcString = srcString;
	let savedStrings = strings;
	let savedReferenceMap = referenceMap;
	let savedBundledStrings = bundledStrings$1;
	let savedArrayAllocationBudget = arrayAllocationBudget;
	let savedSrc = new Uint8Array(src.slice(0, srcEnd));
	let savedStructures = currentStructures;
	let savedStructuresContents = currentStructures.slice(0, currentStructures.length);
	let savedPackr = currentUnpackr;
	let savedSequentialMode = sequentialMode;
	let savedFragmentEnd = fragmentEnd;
	fragmentEnd = 0;
	try {
		return callback();
	} catch (error) {
		if (error && typeof error == "object") nestedUnpackErrors.add(error);
		throw error;
	} finally {
		srcEnd = savedSrcEnd;
		position$1 = savedPosition;
		stringPosition = savedStringPosition;
		srcStringStart = savedSrcStringStart;
		srcStringEnd = savedSrcStringEnd;
		srcString = savedSrcString;
		strings = savedStrings;
		referenceMap = savedReferenceMap;
		bundledStrings$1 = savedBundledStrings;
		arrayAllocationBudget = savedArrayAllocationBudget;
		src = savedSrc;
		sequentialMode = savedSequentialMode;
		fragmentEnd = savedFragmentEnd;
		currentStructures = savedStructures;
		currentStructures.splice(0, currentStructures.length, ...savedStructuresContents);
		currentUnpackr = savedPackr;
		dataView = new DataView(src.buffer, src.byteOffset, src.byteLength);
	}
}
function clearSource() {
	src = null;
	referenceMap = null;
	currentStructures = null;
}
currentExtensions.slice(0);
const mult10 = new Array(147);
for (let i = 0; i < 256; i++) mult10[i] = +("1e" + Math.floor(45.15 - i * .30103));
var defaultUnpackr = new Unpackr({ useRecords: false });
defaultUnpackr.unpack;
defaultUnpackr.unpackMultiple;
defaultUnpackr.unpack;
const FLOAT32_OPTIONS = {
	NEVER: 0,
	ALWAYS: 1,
	DECIMAL_ROUND: 3,
	DECIMAL_FIT: 4
};
new Uint8Array((/* @__PURE__ */ new Float32Array(1)).buffer, 0, 4);
Unpackr.SUPPORTS_STRUCT_HOOKS = true;
// node_modules/msgpackr/pack.js
let textEncoder;
try {
	textEncoder = new TextEncoder();
} catch (error) {}
let extensions;
let extensionClasses;
const hasNodeBuffer = typeof Buffer !== "undefined";
const ByteArrayAllocate = hasNodeBuffer ? function(length) {
	return Buffer.allocUnsafeSlow(length);
} : Uint8Array;
const ByteArray = hasNodeBuffer ? Buffer : Uint8Array;
const MAX_BUFFER_SIZE = hasNodeBuffer ? 4294967296 : 2144337920;
let target;
let keysTarget;
let targetView;
let position = 0;
let safeEnd;
let bundledStrings = null;
let packing = false;
const MAX_BUNDLE_SIZE = 21760;
const hasNonLatin = /[\u0080-\uFFFF]/;
const RECORD_SYMBOL = Symbol("record-id");
var Packr = class extends Unpackr {
	constructor(options) {
		super(options);
		this.offset = 0;
		let start;
		let hasSharedUpdate;
		let structures;
		let referenceMap;
		let encodeUtf8 = ByteArray.prototype.utf8Write ? function(string, position) {
			return target.utf8Write(string, position, target.byteLength - position);
		} : textEncoder && textEncoder.encodeInto ? function(string, position) {
			return textEncoder.encodeInto(string, target.subarray(position)).written;
		} : false;
		let packr = this;
		if (!options) options = {};
		let isSequential = options && options.sequential;
		let hasSharedStructures = options.structures || options.saveStructures;
		let maxSharedStructures = options.maxSharedStructures;
		if (maxSharedStructures == null) maxSharedStructures = hasSharedStructures ? 32 : 0;
		if (maxSharedStructures > 8160) throw new Error("Maximum maxSharedStructure is 8160");
		if (options.structuredClone && options.moreTypes == void 0) this.moreTypes = true;
		let maxOwnStructures = options.maxOwnStructures;
		if (maxOwnStructures == null) maxOwnStructures = hasSharedStructures ? 32 : 64;
		if (!this.structures && options.useRecords != false) this.structures = [];
		let useTwoByteRecords = maxSharedStructures > 32 || maxOwnStructures + maxSharedStructures > 64;
		let sharedLimitId = maxSharedStructures + 64;
		let maxStructureId = maxSharedStructures + maxOwnStructures + 64;
		if (maxStructureId > 8256) throw new Error("Maximum maxSharedStructure + maxOwnStructure is 8192");
		let recordIdsToRemove = [];
		let transitionsCount = 0;
		let serializationsSinceTransitionRebuild = 0;
		let instancePacking = false;
		let reentrantDepth = 0;
		let pendingNestedStructures = null;
		this.pack = this.encode = function(value, encodeOptions) {
			if (packing) return saveState(value, encodeOptions);
			if (!target) {
				target = new ByteArrayAllocate(8192);
				targetView = target.dataView || (target.dataView = new DataView(target.buffer, 0, 8192));
				position = 0;
			}
			safeEnd = target.length - 10;
			if (safeEnd - position < 2048) {
				target = new ByteArrayAllocate(target.length);
				targetView = target.dataView || (target.dataView = new DataView(target.buffer, 0, target.length));
				safeEnd = target.length - 10;
				position = 0;
			} else position = position + 7 & 2147483640;
			start = position;
			if (encodeOptions & 2048) position += encodeOptions & 255;
			referenceMap = packr.structuredClone ? /* @__PURE__ */ new Map() : null;
			if (packr.bundleStrings && typeof value !== "string") {
				bundledStrings = [];
				bundledStrings.size = 1e400;
			} else bundledStrings = null;
			structures = packr.structures;
			if (structures) {
				if (structures.uninitialized) structures = packr._mergeStructures(packr.getStructures());
				let sharedLength = structures.sharedLength || 0;
				if (sharedLength > maxSharedStructures) throw new Error("Shared structures is larger than maximum shared structures, try increasing maxSharedStructures to " + structures.sharedLength);
				if (!structures.transitions) {
					rebuildTransitions(reentrantDepth && packr.saveStructures ? Math.min(sharedLength, packr.lastNamedStructuresLength || 0) : sharedLength);
					if (!reentrantDepth) packr.lastNamedStructuresLength = sharedLength;
				}
				if (!isSequential || !(structures.nextId >= sharedLength + 64)) structures.nextId = sharedLength + 64;
			}
			if (hasSharedUpdate) hasSharedUpdate = false;
			if (!reentrantDepth && pendingNestedStructures) pendingNestedStructures = null;
			let encodingError;
			packing = true;
			instancePacking = true;
			try {
				if (packr._writeStruct && !(reentrantDepth && packr.saveStructures) && value && typeof value === "object") {
					if (value.constructor === Object) writeStruct(value);
					else if (value.constructor !== Map && !Array.isArray(value) && !extensionClasses.some((extClass) => value instanceof extClass)) writeStruct(packr.useToJSON !== false && value.toJSON ? value.toJSON() : value);
					else pack(value);
				} else pack(value);
				let lastBundle = bundledStrings;
				if (bundledStrings) writeBundles(start, pack, 0);
				if (referenceMap && referenceMap.idsToInsert) {
					let idsToInsert = referenceMap.idsToInsert.sort((a, b) => a.offset > b.offset ? 1 : -1);
					let i = idsToInsert.length;
					let incrementPosition = -1;
					while (lastBundle && i > 0) {
						let insertionPoint = idsToInsert[--i].offset + start;
						if (insertionPoint < lastBundle.stringsPosition + start && incrementPosition === -1) incrementPosition = 0;
						if (insertionPoint > lastBundle.position + start) {
							if (incrementPosition >= 0) incrementPosition += 6;
						} else {
							if (incrementPosition >= 0) {
								targetView.setUint32(lastBundle.position + start, targetView.getUint32(lastBundle.position + start) + incrementPosition);
								incrementPosition = -1;
							}
							lastBundle = lastBundle.previous;
							i++;
						}
					}
					if (incrementPosition >= 0 && lastBundle) targetView.setUint32(lastBundle.position + start, targetView.getUint32(lastBundle.position + start) + incrementPosition);
					position += idsToInsert.length * 6;
					if (position > safeEnd) makeRoom(position);
					packr.offset = position;
					let serialized = insertIds(target.subarray(start, position), idsToInsert);
					referenceMap = null;
					return serialized;
				}
				packr.offset = position;
				if (encodeOptions & 512) {
					target.start = start;
					target.end = position;
					return target;
				}
				return target.subarray(start, position);
			} catch (error) {
				encodingError = error;
				throw error;
			} finally {
				instancePacking = false;
				if (structures) {
					resetStructures();
					if (pendingNestedStructures && !reentrantDepth) {
						let toPromote = pendingNestedStructures;
						pendingNestedStructures = null;
						if (!encodingError && packr.saveStructures) {
							let sharedLength = structures.sharedLength || 0;
							if (!structures.transitions) rebuildTransitions(sharedLength);
							for (let i = 0, l = toPromote.length; i < l && sharedLength < maxSharedStructures; i++) {
								let keys = toPromote[i];
								let nextTransition, transition = structures.transitions;
								for (let j = 0, kl = keys.length; j < kl; j++) {
									let key = keys[j];
									nextTransition = transition[key];
									if (!nextTransition) nextTransition = transition[key] = Object.create(null);
									transition = nextTransition;
								}
								if (!transition[RECORD_SYMBOL]) {
									let recordId = sharedLength + 64;
									keys.highByte = recordId >= 96 && useTwoByteRecords ? recordId - 96 >> 5 : -1;
									keys.isShared = true;
									transition[RECORD_SYMBOL] = recordId;
									transition.__keys__ = keys;
									structures[sharedLength++] = keys;
									structures.sharedLength = sharedLength;
									hasSharedUpdate = true;
								}
							}
							if (!isSequential || !(structures.nextId >= sharedLength + 64)) structures.nextId = sharedLength + 64;
						}
					}
					if (hasSharedUpdate && !reentrantDepth && packr.saveStructures) {
						let sharedLength = structures.sharedLength || 0;
						let returnBuffer = target.subarray(start, position);
						if (!encodingError) {
							let saveSucceeded = false;
							try {
								let newSharedData = (packr._prepareStructures || prepareStructures)(structures, packr);
								if (packr.saveStructures(newSharedData, newSharedData.isCompatible) === false) {
									structures.uninitialized = true;
									saveSucceeded = true;
									packing = false;
									return packr.pack(value, encodeOptions);
								}
								saveSucceeded = true;
							} finally {
								packing = false;
								if (!saveSucceeded) {
									structures = packr.structures;
									if (packr.getStructures) structures.uninitialized = true;
									structures.length = structures.sharedLength = packr.lastNamedStructuresLength || 0;
									structures.transitions = null;
								}
							}
							packr.lastNamedStructuresLength = sharedLength;
							if (target.length > 1073741824) target = null;
							return returnBuffer;
						}
						if (packr.getStructures) structures.uninitialized = true;
						structures.length = structures.sharedLength = packr.lastNamedStructuresLength || 0;
						structures.transitions = null;
					}
				}
				packing = false;
				if (target.length > 1073741824) target = null;
				if (encodeOptions & 1024) position = start;
			}
		};
		const rebuildTransitions = (sharedLength) => {
			structures.transitions = Object.create(null);
			for (let i = 0; i < sharedLength; i++) {
				let keys = structures[i];
				if (!keys) continue;
				let nextTransition, transition = structures.transitions;
				for (let j = 0, l = keys.length; j < l; j++) {
					let key = keys[j];
					nextTransition = transition[key];
					if (!nextTransition) nextTransition = transition[key] = Object.create(null);
					transition = nextTransition;
				}
				transition[RECORD_SYMBOL] = i + 64;
			}
		};
		const saveState = (value, encodeOptions) => {
			let savedTarget = target;
			let savedTargetView = targetView;
			let savedPosition = position;
			let savedSafeEnd = safeEnd;
			let savedBundledStrings = bundledStrings;
			let savedStart = start;
			let savedReferenceMap = referenceMap;
			let savedHasSharedUpdate = hasSharedUpdate;
			let wasInstancePacking = instancePacking;
			let savedStructures, savedTransitions, savedNextId, savedNextOwnId, savedRecordIdsToRemove, savedRecordIds, savedOwnStructures, savedSharedLength, savedLastNamedLength, savedUnsavedShared, savedTransitionsCount, savedPendingNestedLen;
			let nestedSucceeded = false;
			if (wasInstancePacking) {
				savedPendingNestedLen = pendingNestedStructures ? pendingNestedStructures.length : 0;
				reentrantDepth++;
			}
			try {
				if (wasInstancePacking && structures) {
					savedStructures = structures;
					savedTransitions = structures.transitions;
					savedNextId = structures.nextId;
					savedNextOwnId = structures.nextOwnId;
					savedLastNamedLength = packr.lastNamedStructuresLength;
					savedSharedLength = structures.sharedLength || 0;
					savedOwnStructures = structures.slice(savedSharedLength);
					savedRecordIdsToRemove = recordIdsToRemove;
					savedRecordIds = [];
					for (let i = 0, l = recordIdsToRemove.length; i < l; i++) {
						let transition = recordIdsToRemove[i];
						let recordId = transition[RECORD_SYMBOL];
						savedRecordIds[i] = recordId;
						transition[RECORD_SYMBOL] = 0;
						if (recordId >= savedSharedLength + 64 && transition.__keys__) savedOwnStructures[recordId - savedSharedLength - 64] = transition.__keys__;
					}
					recordIdsToRemove = [];
					if (savedHasSharedUpdate && packr.saveStructures && savedTransitions) {
						savedUnsavedShared = [];
						for (let i = savedLastNamedLength || 0; i < savedSharedLength; i++) {
							let keys = structures[i];
							if (!keys) continue;
							let transition = savedTransitions;
							for (let j = 0, l = keys.length; j < l && transition; j++) transition = transition[keys[j]];
							if (transition && transition[RECORD_SYMBOL] === i + 64) {
								savedUnsavedShared.push(transition, i + 64, transition.__keys__);
								transition[RECORD_SYMBOL] = 0;
								transition.__keys__ = null;
							}
						}
					}
					structures.length = savedSharedLength;
					structures.nextId = savedSharedLength + 64;
					structures.nextOwnId = void 0;
					savedTransitionsCount = transitionsCount;
					transitionsCount = 0;
				}
				target = null;
				packing = false;
				instancePacking = false;
				let result = packr.pack(value, encodeOptions);
				nestedSucceeded = true;
				return result;
			} finally {
				if (!nestedSucceeded && wasInstancePacking && pendingNestedStructures) pendingNestedStructures.length = savedPendingNestedLen;
				packing = true;
				instancePacking = wasInstancePacking;
				target = savedTarget;
				targetView = savedTargetView;
				position = savedPosition;
				safeEnd = savedSafeEnd;
				bundledStrings = savedBundledStrings;
				start = savedStart;
				referenceMap = savedReferenceMap;
				if (wasInstancePacking) {
					reentrantDepth--;
					hasSharedUpdate = savedHasSharedUpdate || hasSharedUpdate;
					structures = packr.structures;
					if (structures && savedOwnStructures) {
						if (recordIdsToRemove !== savedRecordIdsToRemove) for (let i = 0, l = recordIdsToRemove.length; i < l; i++) recordIdsToRemove[i][RECORD_SYMBOL] = 0;
						let currentSharedLength = structures.sharedLength || 0;
						if (structures !== savedStructures) {
							if (savedHasSharedUpdate || savedOwnStructures.length > 0) {
								for (let i = 0; i < savedSharedLength; i++) if (savedStructures[i] !== void 0) structures[i] = savedStructures[i];
								currentSharedLength = structures.sharedLength = structures.length = savedSharedLength;
								packr.lastNamedStructuresLength = savedLastNamedLength;
							} else if (!reentrantDepth && !hasSharedUpdate) packr.lastNamedStructuresLength = currentSharedLength;
						}
						structures.length = Math.max(currentSharedLength, savedSharedLength + savedOwnStructures.length);
						for (let i = Math.max(0, currentSharedLength - savedSharedLength), l = savedOwnStructures.length; i < l; i++) if (savedOwnStructures[i] !== void 0) structures[savedSharedLength + i] = savedOwnStructures[i];
						if (structures.transitions !== savedTransitions || structures !== savedStructures) {
							if (structures === savedStructures && !structures.transitions && currentSharedLength === savedSharedLength) structures.transitions = savedTransitions;
							else {
								rebuildTransitions(reentrantDepth && packr.saveStructures ? Math.min(currentSharedLength, packr.lastNamedStructuresLength || 0) : currentSharedLength);
								savedUnsavedShared = null;
								savedRecordIdsToRemove = [];
								savedRecordIds = [];
								for (let i = Math.max(0, currentSharedLength - savedSharedLength), l = savedOwnStructures.length; i < l; i++) {
									let keys = savedOwnStructures[i];
									if (!keys) continue;
									let nextTransition, transition = structures.transitions;
									for (let j = 0, kl = keys.length; j < kl; j++) {
										let key = keys[j];
										nextTransition = transition[key];
										if (!nextTransition) nextTransition = transition[key] = Object.create(null);
										transition = nextTransition;
									}
									if (!transition[RECORD_SYMBOL]) {
										savedRecordIdsToRemove.push(transition);
										savedRecordIds.push(savedSharedLength + i + 64);
									}
								}
							}
						}
						if (savedUnsavedShared) for (let i = 0, l = savedUnsavedShared.length; i < l; i += 3) {
							savedUnsavedShared[i][RECORD_SYMBOL] = savedUnsavedShared[i + 1];
							savedUnsavedShared[i].__keys__ = savedUnsavedShared[i + 2];
						}
						recordIdsToRemove = savedRecordIdsToRemove;
						for (let i = 0, l = savedRecordIds.length; i < l; i++) if (!recordIdsToRemove[i][RECORD_SYMBOL]) recordIdsToRemove[i][RECORD_SYMBOL] = savedRecordIds[i];
						structures.nextId = !(savedNextId >= currentSharedLength + 64) ? currentSharedLength + 64 : savedNextId;
						structures.nextOwnId = savedNextOwnId;
						if (savedTransitionsCount !== void 0) transitionsCount += savedTransitionsCount;
					}
				} else hasSharedUpdate = savedHasSharedUpdate;
			}
		};
		const resetStructures = () => {
			if (serializationsSinceTransitionRebuild < 10) serializationsSinceTransitionRebuild++;
			let sharedLength = structures.sharedLength || 0;
			if (structures.length > sharedLength && !isSequential) structures.length = sharedLength;
			if (transitionsCount > 1e4 && !reentrantDepth) {
				structures.transitions = null;
				serializationsSinceTransitionRebuild = 0;
				transitionsCount = 0;
				if (recordIdsToRemove.length > 0) recordIdsToRemove = [];
			} else if (recordIdsToRemove.length > 0 && !isSequential) {
				for (let i = 0, l = recordIdsToRemove.length; i < l; i++) recordIdsToRemove[i][RECORD_SYMBOL] = 0;
				recordIdsToRemove = [];
			}
		};
		const packArray = (value) => {
			var length = value.length;
			if (length < 16) target[position++] = 144 | length;
			else if (length < 65536) {
				target[position++] = 220;
				target[position++] = length >> 8;
				target[position++] = length & 255;
			} else {
				target[position++] = 221;
				targetView.setUint32(position, length);
				position += 4;
			}
			for (let i = 0; i < length; i++) pack(value[i]);
		};
		const pack = (value) => {
			if (position > safeEnd) target = makeRoom(position);
			var type = typeof value;
			var length;
			if (type === "string") {
				let strLength = value.length;
				if (bundledStrings && strLength >= 4 && strLength < 4096) {
					if ((bundledStrings.size += strLength) > MAX_BUNDLE_SIZE) {
						let extStart;
						let maxBytes = (bundledStrings[0] ? bundledStrings[0].length * 3 + bundledStrings[1].length : 0) + 10;
						if (position + maxBytes > safeEnd) target = makeRoom(position + maxBytes);
						let lastBundle;
						if (bundledStrings.position) {
							lastBundle = bundledStrings;
							target[position] = 200;
							position += 3;
							target[position++] = 98;
							extStart = position - start;
							position += 4;
							writeBundles(start, pack, 0);
							targetView.setUint16(extStart + start - 3, position - start - extStart);
						} else {
							target[position++] = 214;
							target[position++] = 98;
							extStart = position - start;
							position += 4;
						}
						bundledStrings = ["", ""];
						bundledStrings.previous = lastBundle;
						bundledStrings.size = 0;
						bundledStrings.position = extStart;
					}
					let twoByte = hasNonLatin.test(value);
					bundledStrings[twoByte ? 0 : 1] += value;
					target[position++] = 193;
					pack(twoByte ? -strLength : strLength);
					return;
				}
				let headerSize;
				if (strLength < 32) headerSize = 1;
				else if (strLength < 256) headerSize = 2;
				else if (strLength < 65536) headerSize = 3;
				else headerSize = 5;
				let maxBytes = strLength * 3;
				if (position + maxBytes > safeEnd) target = makeRoom(position + maxBytes);
				if (strLength < 64 || !encodeUtf8) {
					let i, c1, c2, strPosition = position + headerSize;
					for (i = 0; i < strLength; i++) {
						c1 = value.charCodeAt(i);
						if (c1 < 128) target[strPosition++] = c1;
						else if (c1 < 2048) {
							target[strPosition++] = c1 >> 6 | 192;
							target[strPosition++] = c1 & 63 | 128;
						} else if ((c1 & 64512) === 55296 && ((c2 = value.charCodeAt(i + 1)) & 64512) === 56320) {
							c1 = 65536 + ((c1 & 1023) << 10) + (c2 & 1023);
							i++;
							target[strPosition++] = c1 >> 18 | 240;
							target[strPosition++] = c1 >> 12 & 63 | 128;
							target[strPosition++] = c1 >> 6 & 63 | 128;
							target[strPosition++] = c1 & 63 | 128;
						} else if ((c1 & 63488) === 55296) {
							target[strPosition++] = 239;
							target[strPosition++] = 191;
							target[strPosition++] = 189;
						} else {
							target[strPosition++] = c1 >> 12 | 224;
							target[strPosition++] = c1 >> 6 & 63 | 128;
							target[strPosition++] = c1 & 63 | 128;
						}
					}
					length = strPosition - position - headerSize;
				} else length = encodeUtf8(value, position + headerSize);
				if (length < 32) target[position++] = 160 | length;
				else if (length < 256) {
					if (headerSize < 2) target.copyWithin(position + 2, position + 1, position + 1 + length);
					target[position++] = 217;
					target[position++] = length;
				} else if (length < 65536) {
					if (headerSize < 3) target.copyWithin(position + 3, position + 2, position + 2 + length);
					target[position++] = 218;
					target[position++] = length >> 8;
					target[position++] = length & 255;
				} else {
					if (headerSize < 5) target.copyWithin(position + 5, position + 3, position + 3 + length);
					target[position++] = 219;
					targetView.setUint32(position, length);
					position += 4;
				}
				position += length;
			} else if (type === "number") {
				if (value >>> 0 === value) {
					if (value < 32 || value < 128 && this.useRecords === false || value < 64 && !this._writeStruct) target[position++] = value;
					else if (value < 256) {
						target[position++] = 204;
						target[position++] = value;
					} else if (value < 65536) {
						target[position++] = 205;
						target[position++] = value >> 8;
						target[position++] = value & 255;
					} else {
						target[position++] = 206;
						targetView.setUint32(position, value);
						position += 4;
					}
				} else if (value >> 0 === value) {
					if (value >= -32) target[position++] = 256 + value;
					else if (value >= -128) {
						target[position++] = 208;
						target[position++] = value + 256;
					} else if (value >= -32768) {
						target[position++] = 209;
						targetView.setInt16(position, value);
						position += 2;
					} else {
						target[position++] = 210;
						targetView.setInt32(position, value);
						position += 4;
					}
				} else {
					let useFloat32;
					if ((useFloat32 = this.useFloat32) > 0 && value < 4294967296 && value >= -2147483648) {
						target[position++] = 202;
						targetView.setFloat32(position, value);
						let xShifted;
						if (useFloat32 < 4 || (xShifted = value * mult10[(target[position] & 127) << 1 | target[position + 1] >> 7]) >> 0 === xShifted) {
							position += 4;
							return;
						} else position--;
					}
					target[position++] = 203;
					targetView.setFloat64(position, value);
					position += 8;
				}
			} else if (type === "object" || type === "function") {
				if (!value) target[position++] = 192;
				else {
					if (referenceMap) {
						let referee = referenceMap.get(value);
						if (referee) {
							if (!referee.id) referee.id = (referenceMap.idsToInsert || (referenceMap.idsToInsert = [])).push(referee);
							target[position++] = 214;
							target[position++] = 112;
							targetView.setUint32(position, referee.id);
							position += 4;
							return;
						} else referenceMap.set(value, { offset: position - start });
					}
					let constructor = value.constructor;
					if (constructor === Object) writeObject(value);
					else if (constructor === Array) packArray(value);
					else if (constructor === Map) {
						if (this.mapAsEmptyObject) target[position++] = 128;
						else {
							length = value.size;
							if (length < 16) target[position++] = 128 | length;
							else if (length < 65536) {
								target[position++] = 222;
								target[position++] = length >> 8;
								target[position++] = length & 255;
							} else {
								target[position++] = 223;
								targetView.setUint32(position, length);
								position += 4;
							}
							for (let [key, entryValue] of value) {
								pack(key);
								pack(entryValue);
							}
						}
					} else {
						for (let i = 0, l = extensions.length; i < l; i++) {
							let extensionClass = extensionClasses[i];
							if (value instanceof extensionClass) {
								if (value.constructor !== extensionClass && i >= l - builtInExtensionCount && packr.useToJSON !== false && value.toJSON !== void 0 && value.toJSON !== dateToJSON && !ArrayBuffer.isView(value)) break;
								let extension = extensions[i];
								if (extension.write) {
									if (extension.type) {
										target[position++] = 212;
										target[position++] = extension.type;
										target[position++] = 0;
									}
									let writeResult = extension.write.call(this, value);
									if (writeResult === value) {
										if (Array.isArray(value)) packArray(value);
										else writeObject(value);
									} else pack(writeResult);
									return;
								}
								let currentTarget = target;
								let currentTargetView = targetView;
								let currentPosition = position;
								let currentBundledStrings = bundledStrings;
								target = null;
								let result;
								try {
									result = extension.pack.call(this, value, (size) => {
										target = currentTarget;
										currentTarget = null;
										position += size;
										if (position > safeEnd) makeRoom(position);
										return {
											target,
											targetView,
											position: position - size
										};
									}, pack);
								} finally {
									if (currentTarget) {
										target = currentTarget;
										targetView = currentTargetView;
										position = currentPosition;
										bundledStrings = currentBundledStrings;
										safeEnd = target.length - 10;
									}
								}
								if (result) {
									if (result.length + position > safeEnd) makeRoom(result.length + position);
									position = writeExtensionData(result, target, position, extension.type);
								}
								return;
							}
						}
						if (Array.isArray(value)) packArray(value);
						else {
							if (packr.useToJSON !== false && value.toJSON) {
								const json = value.toJSON();
								if (json !== value) return pack(json);
							}
							if (type === "function") return pack(this.writeFunction && this.writeFunction(value));
							writeObject(value);
						}
					}
				}
			} else if (type === "boolean") target[position++] = value ? 195 : 194;
			else if (type === "bigint") {
				if (value < 0x8000000000000000 && value >= -0x8000000000000000) {
					target[position++] = 211;
					targetView.setBigInt64(position, value);
				} else if (value < 0x10000000000000000 && value > 0) {
					target[position++] = 207;
					targetView.setBigUint64(position, value);
				} else if (this.largeBigIntToFloat) {
					target[position++] = 203;
					targetView.setFloat64(position, Number(value));
				} else if (this.largeBigIntToString) return pack(value.toString());
				else if (this.useBigIntExtension || this.moreTypes) {
					let empty = value < 0 ? BigInt(-1) : BigInt(0);
					let array;
					if (value >> BigInt(65536) === empty) {
						let mask = BigInt(0x10000000000000000) - BigInt(1);
						let chunks = [];
						while (true) {
							chunks.push(value & mask);
							if (value >> BigInt(63) === empty) break;
							value >>= BigInt(64);
						}
						array = new Uint8Array(new BigUint64Array(chunks).buffer);
						array.reverse();
					} else {
						let invert = value < 0;
						let string = (invert ? ~value : value).toString(16);
						if (string.length % 2) string = "0" + string;
						else if (parseInt(string.charAt(0), 16) >= 8) string = "00" + string;
						if (hasNodeBuffer) array = Buffer.from(string, "hex");
						else {
							array = new Uint8Array(string.length / 2);
							for (let i = 0; i < array.length; i++) array[i] = parseInt(string.slice(i * 2, i * 2 + 2), 16);
						}
						if (invert) for (let i = 0; i < array.length; i++) array[i] = ~array[i];
					}
					if (array.length + position > safeEnd) makeRoom(array.length + position);
					position = writeExtensionData(array, target, position, 66);
					return;
				} else throw new RangeError(value + " was too large to fit in MessagePack 64-bit integer format, use useBigIntExtension, or set largeBigIntToFloat to convert to float-64, or set largeBigIntToString to convert to string");
				position += 8;
			} else if (type === "undefined") {
				if (this.encodeUndefinedAsNil) target[position++] = 192;
				else {
					target[position++] = 212;
					target[position++] = 0;
					target[position++] = 0;
				}
			} else throw new Error("Unknown type: " + type);
		};
		const writePlainObject = this.variableMapSize || this.coercibleKeyAsNumber || this.skipValues ? (object) => {
			let keys;
			if (this.skipValues) {
				keys = [];
				for (let key in object) if ((typeof object.hasOwnProperty !== "function" || object.hasOwnProperty(key)) && !this.skipValues.includes(object[key])) keys.push(key);
			} else keys = Object.keys(object);
			let length = keys.length;
			if (length < 16) target[position++] = 128 | length;
			else if (length < 65536) {
				target[position++] = 222;
				target[position++] = length >> 8;
				target[position++] = length & 255;
			} else {
				target[position++] = 223;
				targetView.setUint32(position, length);
				position += 4;
			}
			let key;
			if (this.coercibleKeyAsNumber) for (let i = 0; i < length; i++) {
				key = keys[i];
				let num = Number(key);
				pack(isNaN(num) ? key : num);
				pack(object[key]);
			}
			else for (let i = 0; i < length; i++) {
				pack(key = keys[i]);
				pack(object[key]);
			}
		} : (object) => {
			target[position++] = 222;
			let objectOffset = position - start;
			position += 2;
			let size = 0;
			for (let key in object) if (typeof object.hasOwnProperty !== "function" || object.hasOwnProperty(key)) {
				pack(key);
				pack(object[key]);
				size++;
			}
			if (size > 65535) throw new Error("Object is too large to serialize with fast 16-bit map size, use the \"variableMapSize\" option to serialize this object");
			target[objectOffset++ + start] = size >> 8;
			target[objectOffset + start] = size & 255;
		};
		const writeRecord = this.useRecords === false ? writePlainObject : options.progressiveRecords && !useTwoByteRecords && maxOwnStructures > 0 ? (object) => {
			let nextTransition, transition = structures.transitions || (structures.transitions = Object.create(null));
			let objectOffset = position++ - start;
			let wroteKeys;
			for (let key in object) if (typeof object.hasOwnProperty !== "function" || object.hasOwnProperty(key)) {
				nextTransition = transition[key];
				if (nextTransition) transition = nextTransition;
				else {
					let keys = Object.keys(object);
					let lastTransition = transition;
					transition = structures.transitions;
					let newTransitions = 0;
					for (let i = 0, l = keys.length; i < l; i++) {
						let key = keys[i];
						nextTransition = transition[key];
						if (!nextTransition) {
							nextTransition = transition[key] = Object.create(null);
							newTransitions++;
						}
						transition = nextTransition;
					}
					if (objectOffset + start + 1 == position) {
						position--;
						newRecord(transition, keys, newTransitions);
					} else insertNewRecord(transition, keys, objectOffset, newTransitions);
					wroteKeys = true;
					transition = lastTransition[key];
				}
				pack(object[key]);
			}
			if (!wroteKeys) {
				let recordId = transition[RECORD_SYMBOL];
				if (recordId) target[objectOffset + start] = recordId;
				else insertNewRecord(transition, Object.keys(object), objectOffset, 0);
			}
		} : (object) => {
			let nextTransition, transition = structures.transitions || (structures.transitions = Object.create(null));
			let newTransitions = 0;
			for (let key in object) if (typeof object.hasOwnProperty !== "function" || object.hasOwnProperty(key)) {
				nextTransition = transition[key];
				if (!nextTransition) {
					nextTransition = transition[key] = Object.create(null);
					newTransitions++;
				}
				transition = nextTransition;
			}
			let recordId = transition[RECORD_SYMBOL];
			if (recordId) {
				if (recordId >= 96 && useTwoByteRecords) {
					target[position++] = ((recordId -= 96) & 31) + 96;
					target[position++] = recordId >> 5;
				} else target[position++] = recordId;
			} else if (newRecord(transition, transition.__keys__ || Object.keys(object), newTransitions) === false) return writePlainObject(object);
			for (let key in object) if (typeof object.hasOwnProperty !== "function" || object.hasOwnProperty(key)) pack(object[key]);
		};
		const checkUseRecords = typeof this.useRecords == "function" && this.useRecords;
		const writeObject = checkUseRecords ? (object) => {
			checkUseRecords(object) ? writeRecord(object) : writePlainObject(object);
		} : writeRecord;
		const writeStruct = (object) => {
			let newPosition = packr._writeStruct(object, target, start, position, structures, makeRoom, (value, newPosition, notifySharedUpdate) => {
				if (notifySharedUpdate) return hasSharedUpdate = true;
				position = newPosition;
				let startTarget = target;
				pack(value);
				resetStructures();
				if (startTarget !== target) return {
					position,
					targetView,
					target
				};
				return position;
			});
			if (newPosition === 0) return writeObject(object);
			position = newPosition;
		};
		const makeRoom = (end) => {
			let newSize;
			if (end > 16777216) {
				if (end - start > MAX_BUFFER_SIZE) throw new Error("Packed buffer would be larger than maximum buffer size");
				newSize = Math.min(MAX_BUFFER_SIZE, Math.round(Math.max((end - start) * (end > 67108864 ? 1.25 : 2), 4194304) / 4096) * 4096);
			} else newSize = (Math.max(end - start << 2, target.length - 1) >> 12) + 1 << 12;
			let newBuffer = new ByteArrayAllocate(newSize);
			targetView = newBuffer.dataView || (newBuffer.dataView = new DataView(newBuffer.buffer, 0, newSize));
			end = Math.min(end, target.length);
			if (target.copy) target.copy(newBuffer, 0, start, end);
			else newBuffer.set(target.slice(start, end));
			position -= start;
			start = 0;
			safeEnd = newBuffer.length - 10;
			return target = newBuffer;
		};
		const newRecord = (transition, keys, newTransitions) => {
			let recordId = structures.nextId;
			if (!recordId) recordId = 64;
			if (recordId < sharedLimitId && (reentrantDepth && this.saveStructures || this.shouldShareStructure && !this.shouldShareStructure(keys))) {
				if (reentrantDepth && this.saveStructures && !(this.shouldShareStructure && !this.shouldShareStructure(keys))) (pendingNestedStructures || (pendingNestedStructures = [])).push(keys);
				if (!maxOwnStructures) return false;
				recordId = structures.nextOwnId;
				if (!(recordId < maxStructureId)) recordId = sharedLimitId;
				structures.nextOwnId = recordId + 1;
			} else {
				if (recordId >= maxStructureId) {
					if (!maxOwnStructures) return false;
					recordId = sharedLimitId;
				}
				structures.nextId = recordId + 1;
			}
			let highByte = keys.highByte = recordId >= 96 && useTwoByteRecords ? recordId - 96 >> 5 : -1;
			transition[RECORD_SYMBOL] = recordId;
			transition.__keys__ = keys;
			structures[recordId - 64] = keys;
			if (recordId < sharedLimitId) {
				keys.isShared = true;
				structures.sharedLength = recordId - 63;
				hasSharedUpdate = true;
				if (highByte >= 0) {
					target[position++] = (recordId & 31) + 96;
					target[position++] = highByte;
				} else target[position++] = recordId;
			} else {
				if (highByte >= 0) {
					target[position++] = 213;
					target[position++] = 114;
					target[position++] = (recordId & 31) + 96;
					target[position++] = highByte;
				} else {
					target[position++] = 212;
					target[position++] = 114;
					target[position++] = recordId;
				}
				if (newTransitions) transitionsCount += serializationsSinceTransitionRebuild * newTransitions;
				if (recordIdsToRemove.length >= maxOwnStructures) recordIdsToRemove.shift()[RECORD_SYMBOL] = 0;
				recordIdsToRemove.push(transition);
				pack(keys);
			}
		};
		const insertNewRecord = (transition, keys, insertionOffset, newTransitions) => {
			let mainTarget = target;
			let mainPosition = position;
			let mainSafeEnd = safeEnd;
			let mainStart = start;
			target = keysTarget;
			position = 0;
			start = 0;
			if (!target) keysTarget = target = new ByteArrayAllocate(8192);
			safeEnd = target.length - 10;
			newRecord(transition, keys, newTransitions);
			keysTarget = target;
			let keysPosition = position;
			target = mainTarget;
			position = mainPosition;
			safeEnd = mainSafeEnd;
			start = mainStart;
			if (keysPosition > 1) {
				let newEnd = position + keysPosition - 1;
				if (newEnd > safeEnd) makeRoom(newEnd);
				let insertionPosition = insertionOffset + start;
				target.copyWithin(insertionPosition + keysPosition, insertionPosition + 1, position);
				target.set(keysTarget.slice(0, keysPosition), insertionPosition);
				position = newEnd;
			} else target[insertionOffset + start] = keysTarget[0];
		};
	}
	useBuffer(buffer) {
		target = buffer;
		target.dataView || (target.dataView = new DataView(target.buffer, target.byteOffset, target.byteLength));
		targetView = target.dataView;
		position = 0;
	}
	set position(value) {
		position = value;
	}
	get position() {
		return position;
	}
	clearSharedData() {
		if (this.structures) {
			this.structures = [];
			this.lastNamedStructuresLength = 0;
		}
		if (this.typedStructs) this.typedStructs = [];
	}
};
const dateToJSON = Date.prototype.toJSON;
extensionClasses = [
	Date,
	Set,
	Error,
	RegExp,
	ArrayBuffer,
	Object.getPrototypeOf(Uint8Array.prototype).constructor,
	DataView,
	C1Type
];
extensions = [
	{ pack(date, allocateForWrite, pack) {
		let seconds = date.getTime() / 1e3;
		if ((this.useTimestamp32 || date.getMilliseconds() === 0) && seconds >= 0 && seconds < 4294967296) {
			let { target, targetView, position } = allocateForWrite(6);
			target[position++] = 214;
			target[position++] = 255;
			targetView.setUint32(position, seconds);
		} else if (seconds > 0 && seconds < 17179869184) {
			let { target, targetView, position } = allocateForWrite(10);
			target[position++] = 215;
			target[position++] = 255;
			targetView.setUint32(position, date.getMilliseconds() * 4e6 + (seconds / 4294967296 >> 0));
			targetView.setUint32(position + 4, seconds);
		} else if (isNaN(seconds)) {
			if (this.onInvalidDate) {
				allocateForWrite(0);
				return pack(this.onInvalidDate());
			}
			let { target, targetView, position } = allocateForWrite(3);
			target[position++] = 212;
			target[position++] = 255;
			target[position++] = 255;
		} else {
			let { target, targetView, position } = allocateForWrite(15);
			target[position++] = 199;
			target[position++] = 12;
			target[position++] = 255;
			targetView.setUint32(position, date.getMilliseconds() * 1e6);
			targetView.setBigInt64(position + 4, BigInt(Math.floor(seconds)));
		}
	} },
	{ pack(set, allocateForWrite, pack) {
		if (this.setAsEmptyObject) {
			allocateForWrite(0);
			return pack({});
		}
		let array = Array.from(set);
		let { target, position } = allocateForWrite(this.moreTypes ? 3 : 0);
		if (this.moreTypes) {
			target[position++] = 212;
			target[position++] = 115;
			target[position++] = 0;
		}
		pack(array);
	} },
	{ pack(error, allocateForWrite, pack) {
		let { target, position } = allocateForWrite(this.moreTypes ? 3 : 0);
		if (this.moreTypes) {
			target[position++] = 212;
			target[position++] = 101;
			target[position++] = 0;
		}
		let errorData = [
			error.name,
			error.message,
			error.cause
		];
		if (typeof AggregateError === "function" && error instanceof AggregateError) errorData.push(error.errors);
		pack(errorData);
	} },
	{ pack(regex, allocateForWrite, pack) {
		let { target, position } = allocateForWrite(this.moreTypes ? 3 : 0);
		if (this.moreTypes) {
			target[position++] = 212;
			target[position++] = 120;
			target[position++] = 0;
		}
		pack([regex.source, regex.flags]);
	} },
	{ pack(arrayBuffer, allocateForWrite) {
		if (this.moreTypes) writeExtBuffer(arrayBuffer, 16, allocateForWrite);
		else writeBuffer(arrayBuffer, allocateForWrite);
	} },
	{ pack(typedArray, allocateForWrite) {
		let constructor = typedArray.constructor;
		if (constructor !== ByteArray && this.moreTypes) writeExtBuffer(typedArray, typedArrays.indexOf(constructor.name), allocateForWrite);
		else writeBuffer(typedArray, allocateForWrite);
	} },
	{ pack(arrayBuffer, allocateForWrite) {
		if (this.moreTypes) writeExtBuffer(arrayBuffer, 17, allocateForWrite);
		else writeBuffer(arrayBuffer, allocateForWrite);
	} },
	{ pack(c1, allocateForWrite) {
		let { target, position } = allocateForWrite(1);
		target[position] = 193;
	} }
];
const builtInExtensionCount = extensions.length;
function writeExtBuffer(typedArray, type, allocateForWrite, encode) {
	let length = typedArray.byteLength;
	if (length + 1 < 256) {
		var { target, position } = allocateForWrite(4 + length);
		target[position++] = 199;
		target[position++] = length + 1;
	} else if (length + 1 < 65536) {
		var { target, position } = allocateForWrite(5 + length);
		target[position++] = 200;
		target[position++] = length + 1 >> 8;
		target[position++] = length + 1 & 255;
	} else {
		var { target, position, targetView } = allocateForWrite(7 + length);
		target[position++] = 201;
		targetView.setUint32(position, length + 1);
		position += 4;
	}
	target[position++] = 116;
	target[position++] = type;
	if (!typedArray.buffer) typedArray = new Uint8Array(typedArray);
	target.set(new Uint8Array(typedArray.buffer, typedArray.byteOffset, typedArray.byteLength), position);
}
function writeBuffer(buffer, allocateForWrite) {
	if (buffer.BYTES_PER_ELEMENT !== 1) buffer = buffer.buffer ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer);
	let length = buffer.byteLength;
	var target, position;
	if (length < 256) {
		var { target, position } = allocateForWrite(length + 2);
		target[position++] = 196;
		target[position++] = length;
	} else if (length < 65536) {
		var { target, position } = allocateForWrite(length + 3);
		target[position++] = 197;
		target[position++] = length >> 8;
		target[position++] = length & 255;
	} else {
		var { target, position, targetView } = allocateForWrite(length + 5);
		target[position++] = 198;
		targetView.setUint32(position, length);
		position += 4;
	}
	target.set(buffer, position);
}
function writeExtensionData(result, target, position, type) {
	let length = result.length;
	switch (length) {
		case 1:
			target[position++] = 212;
			break;
		case 2:
			target[position++] = 213;
			break;
		case 4:
			target[position++] = 214;
			break;
		case 8:
			target[position++] = 215;
			break;
		case 16:
			target[position++] = 216;
			break;
		default: if (length < 256) {
			target[position++] = 199;
			target[position++] = length;
		} else if (length < 65536) {
			target[position++] = 200;
			target[position++] = length >> 8;
			target[position++] = length & 255;
		} else {
			target[position++] = 201;
			target[position++] = length >> 24;
			target[position++] = length >> 16 & 255;
			target[position++] = length >> 8 & 255;
			target[position++] = length & 255;
		}
	}
	target[position++] = type;
	target.set(result, position);
	position += length;
	return position;
}
function insertIds(serialized, idsToInsert) {
	let nextId;
	let distanceToMove = idsToInsert.length * 6;
	let lastEnd = serialized.length - distanceToMove;
	while (nextId = idsToInsert.pop()) {
		let offset = nextId.offset;
		let id = nextId.id;
		serialized.copyWithin(offset + distanceToMove, offset, lastEnd);
		distanceToMove -= 6;
		let position = offset + distanceToMove;
		serialized[position++] = 214;
		serialized[position++] = 105;
		serialized[position++] = id >> 24;
		serialized[position++] = id >> 16 & 255;
		serialized[position++] = id >> 8 & 255;
		serialized[position++] = id & 255;
		lastEnd = offset;
	}
	return serialized;
}
function writeBundles(start, pack, incrementPosition) {
	if (bundledStrings.length > 0) {
		targetView.setUint32(bundledStrings.position + start, position + incrementPosition - bundledStrings.position - start);
		bundledStrings.stringsPosition = position - start;
		let writeStrings = bundledStrings;
		bundledStrings = null;
		pack(writeStrings[0]);
		pack(writeStrings[1]);
	}
}
function prepareStructures(structures, packr) {
	structures.isCompatible = (existingStructures) => {
		let compatible = !existingStructures || (packr.lastNamedStructuresLength || 0) === existingStructures.length;
		if (!compatible) packr._mergeStructures(existingStructures);
		return compatible;
	};
	return structures;
}
Packr.SUPPORTS_STRUCT_HOOKS = true;
let defaultPackr = new Packr({ useRecords: false });
defaultPackr.pack;
defaultPackr.pack;
const { NEVER, ALWAYS, DECIMAL_ROUND, DECIMAL_FIT } = FLOAT32_OPTIONS;
// node_modules/msgpackr/node-index.js
if (!(process.env.MSGPACKR_NATIVE_ACCELERATION_DISABLED !== void 0 && process.env.MSGPACKR_NATIVE_ACCELERATION_DISABLED.toLowerCase() === "true")) {
	let extractor;
	try {
		if (typeof __require == "function") extractor = __require("msgpackr-extract");
		else extractor = createRequire$1(import.meta.url)("msgpackr-extract");
		if (extractor) setExtractor(extractor.extractStrings);
	} catch (error) {}
}
// cache/pack.ts
const options = {
	useRecords: false,
	mapsAsObjects: true,
	variableMapSize: true,
	moreTypes: false,
	int64AsType: "number"
};
const packr = new Packr(options);
new Unpackr(options);
/** Bytes of plain data; `Uint8Array`s may stand anywhere in it. Throws a TypeError naming the place where something is not plain. */
function pack(value) {
	return packr.pack(sorted(value));
}
function sorted(value) {
	return fold(value, {
		leaf: (leaf, path) => typeof leaf === "string" ? wellFormed(leaf, path) : leaf,
		list: (items) => items,
		record: (fields, path) => Object.fromEntries(fields.map(([name, field]) => [fieldName(name, path), field])),
		special: (object) => object instanceof Uint8Array ? object : void 0
	});
}
/** UTF-8 has no lone surrogates: written anyway they would come back as another text. */
function wellFormed(text, path) {
	if (/\p{Surrogate}/u.test(text)) throw new TypeError(`${path()} has text that is not well-formed Unicode: ${JSON.stringify(text)}`);
	return text;
}
function fieldName(name, path) {
	if (name === "__proto__") throw new TypeError(`${path()} has a field named __proto__`);
	return wellFormed(name, path);
}
// cache/manifest.ts
/** Raised when the form of manifests changes. */
const MANIFEST_SCHEMA = 1;
/** Smaller arrays live inside the manifest: a file each would cost more than the bytes. */
const INLINE_BELOW = 1024;
const CONSTRUCTORS = {
	uint8: Uint8Array,
	int32: Int32Array,
	uint32: Uint32Array,
	float32: Float32Array,
	float64: Float64Array
};
/** Deterministic: equal artifacts give equal bytes. The blobs are views of the arrays. Throws a TypeError naming what is neither plain nor an array. */
function encodeArtifact(artifact) {
	const blobs = /* @__PURE__ */ new Map();
	const tree = fold(artifact, {
		leaf: (leaf) => leaf,
		list: (items) => items,
		record: (fields) => escape(Object.fromEntries(fields)),
		special: (object, path) => isNdArray(object) ? referTo(object, path, blobs) : void 0
	});
	if (Array.isArray(artifact) || isNdArray(artifact)) throw new TypeError("an artifact must be a record");
	return {
		manifest: pack({
			schema: MANIFEST_SCHEMA,
			artifact: tree
		}),
		blobs: [...blobs.values()]
	};
}
function escape(fields) {
	return "array" in fields || "record" in fields ? { record: fields } : fields;
}
function referTo({ dtype, shape, data }, path, blobs) {
	const elements = elementsOf(shape);
	if (!(Object.hasOwn(CONSTRUCTORS, dtype) && data instanceof CONSTRUCTORS[dtype])) throw new TypeError(`${path()} is an array of ${dtype} that holds a ${data.constructor.name}`);
	if (elements !== data.length) throw new TypeError(`${path()} has the shape [${shape.join(", ")}] but ${data.length} elements`);
	const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
	const reference = {
		array: dtype,
		shape,
		bytes: bytes.length
	};
	if (bytes.length < INLINE_BELOW) return {
		...reference,
		inline: bytes
	};
	const digest = sha256$2(bytes);
	blobs.set(digest, {
		bytes,
		digest
	});
	return {
		...reference,
		digest
	};
}
/** Elements of an array of this shape; NaN where it is no shape. */
function elementsOf(shape) {
	if (!Array.isArray(shape)) return NaN;
	const elements = shape.reduce((product, side) => Number.isSafeInteger(side) && side >= 0 ? product * side : NaN, 1);
	return Number.isSafeInteger(elements) ? elements : NaN;
}
// cache/artifact.ts
/** Blobs that are written or read at once. */
const AT_ONCE = 8;
/** Stores blobs first, the manifest last. `digest` names the manifest; `bytes` and `blobs` count everything that the artifact needs. */
async function putArtifact(store, artifact) {
	const { manifest, blobs } = encodeArtifact(artifact);
	await eachOf(blobs, ({ bytes }) => store.put(bytes));
	const digest = await store.put(manifest);
	const all = [{
		digest,
		bytes: manifest.length
	}, ...blobs.map((blob) => ({
		digest: blob.digest,
		bytes: blob.bytes.length
	}))];
	return {
		digest,
		bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
		blobs: all
	};
}
async function eachOf(items, act) {
	const rest = items.values();
	const lane = async () => {
		for (const item of rest) await act(item);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
// ../../scratch/speedtmp/populate.ts
const cwd = process.argv[2];
const project = await openProject({
	cwd,
	file: "pipeline.ts"
});
const knowledge = knowledgeOf(project);
const definitions = await definitionsOf(pathToFileURL(project.compiled.workFile).href);
const { cacheFolder, hasher } = project;
mkdirSync(join(cacheFolder, "ac"), { recursive: true });
const shelves = /* @__PURE__ */ new Set();
const store = { put: async (bytes) => {
	const digest = sha256$2(bytes);
	const f = join(cacheFolder, "cas", digest.slice(0, 2));
	if (!shelves.has(f)) {
		mkdirSync(f, { recursive: true });
		shelves.add(f);
	}
	writeFileSync(join(f, digest), bytes);
	return digest;
} };
const done = /* @__PURE__ */ new Map();
for (const node of topological(project.graph)) {
	const leaves = knowledge.leaves(node);
	const ins = Object.entries(node.inputs);
	const readable = readableKey(node, leaves, Object.fromEntries(ins.map(([s, n]) => [s, done.get(n).digest])));
	const predicted = hashKey(hasher, readableKey(node, leaves, Object.fromEntries(ins.map(([s, n]) => [s, done.get(n).predicted]))));
	const key = hashKey(hasher, readable);
	const artifact = await definitions.get(node.kind).run({
		params: node.params,
		inputs: Object.fromEntries(ins.map(([s, n]) => [s, done.get(n).artifact]))
	});
	const { digest, bytes, blobs } = await putArtifact(store, artifact);
	const record = recordFrom({
		key,
		predicted,
		node: node.name,
		kind: node.kind,
		readable: {
			key: readable,
			parts: leaves.code.parts
		},
		artifact: digest,
		blobs,
		bytes,
		seconds: .001,
		finished: Date.now(),
		environment: {}
	});
	writeFileSync(join(cacheFolder, "ac", key), seal(key, {
		schema: 1,
		record
	}));
	if (key !== predicted) writeFileSync(join(cacheFolder, "ac", predicted), seal(predicted, {
		schema: 1,
		record: {
			schema: 1,
			resolved: key
		}
	}));
	done.set(node.name, {
		artifact,
		digest,
		predicted
	});
}
export {};
