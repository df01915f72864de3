import { a as isKithError, i as KithError, n as nearestPackage } from "./files-CGKSOYqQ.js";
import { isBuiltin } from "node:module";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, extname, isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createHash } from "node:crypto";
import { VERSION, rolldown } from "rolldown";
import { parseSync } from "rolldown/utils";
// engine/slice-graph.ts
/** 128 bits of SHA-256 over texts, each told apart from its neighbours. */
function digestOf(texts) {
	return createHash("sha256").update(JSON.stringify(texts)).digest("hex").slice(0, 32);
}
/**
* One digest a vertex. A component of n vertices is refined 2n times from its vertices' own digests, each round taking in the digests
* that the round before gave to their references: vertices with equal digests then unfold to the same infinite tree, so that neither
* names nor the order in which the component was found can show (partition refinement, Hopcroft 1971, by hashing).
*/
function merkle(vertices) {
	const digests = [];
	for (const component of components(vertices)) {
		const [first] = component;
		const rounds = component.length === 1 && !vertices[first].refers.includes(first) ? 1 : 2 * component.length;
		for (const member of component) digests[member] = "";
		for (let round = 0; round < rounds; round++) {
			const next = component.map((member) => {
				const { own, refers } = vertices[member];
				return digestOf([
					own,
					String(component.length),
					...refers.map((reference) => digests[reference])
				]);
			});
			component.forEach((member, place) => digests[member] = next[place]);
		}
	}
	return digests;
}
/** Everything reached from one vertex, itself included. */
function reached(vertices, from) {
	const seen = /* @__PURE__ */ new Set([from]);
	for (const vertex of seen) for (const reference of vertices[vertex].refers) seen.add(reference);
	return seen;
}
/** Strongly connected components, those referred to before those that refer (Tarjan 1972, without recursion). */
function components(vertices) {
	const [order, low] = [[], []];
	const [stack, found] = [[], []];
	const waiting = /* @__PURE__ */ new Set();
	let counter = 0;
	const visit = (root) => {
		const trail = [];
		const enter = (vertex) => {
			order[vertex] = low[vertex] = counter++;
			stack.push(vertex);
			waiting.add(vertex);
			trail.push({
				vertex,
				next: 0
			});
		};
		enter(root);
		for (let top = trail.at(-1); top; top = trail.at(-1)) {
			const { vertex } = top;
			const reference = vertices[vertex].refers[top.next++];
			if (reference !== void 0) {
				if (order[reference] === void 0) enter(reference);
				else if (waiting.has(reference)) low[vertex] = Math.min(low[vertex], order[reference]);
				continue;
			}
			trail.pop();
			const parent = trail.at(-1)?.vertex;
			if (parent !== void 0) low[parent] = Math.min(low[parent], low[vertex]);
			if (low[vertex] !== order[vertex]) continue;
			const component = stack.splice(stack.indexOf(vertex));
			for (const member of component) waiting.delete(member);
			found.push(component);
		}
	};
	for (let vertex = 0; vertex < vertices.length; vertex++) if (order[vertex] === void 0) visit(vertex);
	return found;
}
// engine/slice-syntax.ts
/** Fields that carry types, positions or spelling rather than meaning. */
const SILENT = new Set("type start end range loc parent raw shorthand typeAnnotation returnType typeParameters typeArguments superTypeArguments implements definite declare accessibility override readonly abstract hashbang".split(" "));
const WRAPPERS = /* @__PURE__ */ new Set([
	"TSAsExpression",
	"TSSatisfiesExpression",
	"TSNonNullExpression",
	"TSTypeAssertion",
	"TSInstantiationExpression",
	"ParenthesizedExpression"
]);
const FUNCTIONS = /* @__PURE__ */ new Set([
	"FunctionDeclaration",
	"FunctionExpression",
	"ArrowFunctionExpression"
]);
const CLASSES = /* @__PURE__ */ new Set(["ClassDeclaration", "ClassExpression"]);
const LOOPS = /* @__PURE__ */ new Set([
	"ForStatement",
	"ForInStatement",
	"ForOfStatement"
]);
/** Statements that hold statements. */
const NESTING = /^(Block|If|For|ForIn|ForOf|While|DoWhile|Switch|Try|Labeled|With)Statement$|^SwitchCase$|^CatchClause$/;
const IMPURE = /* @__PURE__ */ new Set([
	"Date.now",
	"Math.random",
	"process.env",
	"crypto.randomUUID",
	"crypto.getRandomValues"
]);
const IMPURE_IMPORTS = /* @__PURE__ */ new Set([
	"node:crypto#randomUUID",
	"node:crypto#randomBytes",
	"node:crypto#randomInt",
	"node:process#env"
]);
/** Says a list of nodes without names. */
function normalise(nodes, surroundings) {
	const printer = new Printer(surroundings);
	for (const node of nodes) printer.print(node, { names: /* @__PURE__ */ new Map() });
	const { text, declarations, imports, impure } = printer;
	return {
		text: text.join(""),
		declarations,
		imports: [...imports],
		impure: [...impure]
	};
}
var Printer = class {
	text = [];
	declarations = [];
	imports = /* @__PURE__ */ new Set();
	impure = /* @__PURE__ */ new Set();
	#surroundings;
	#labels = [];
	#locals = 0;
	/** The `process.env` inside a `process.env.HOME` that was noted already. */
	#noted;
	constructor(surroundings) {
		this.#surroundings = surroundings;
	}
	print(node, scope) {
		if (WRAPPERS.has(node.type)) return this.print(one(node, "expression"), scope);
		if (node.type.startsWith("TS") && node.type !== "TSParameterProperty") return;
		if (FUNCTIONS.has(node.type)) return this.#function(node, scope);
		if (CLASSES.has(node.type)) return this.#class(node, scope);
		if (LOOPS.has(node.type)) return this.#fields(node, inside(scope, lexicalNames([one(node, "init") ?? one(node, "left")])));
		switch (node.type) {
			case "Identifier": return this.#name(String(node.name), scope);
			case "PrivateIdentifier": return this.#put(`#${String(node.name)}`);
			case "Literal": return this.#literal(node);
			case "TemplateElement": return this.#put(JSON.stringify(node.value));
			case "MemberExpression": return this.#member(node, scope);
			case "NewExpression":
			case "CallExpression": return this.#call(node, scope);
			case "ImportExpression":
				if (one(node, "source")?.type !== "Literal") this.impure.add("import(…)");
				return this.#fields(node, scope);
			case "Property":
			case "MethodDefinition":
			case "PropertyDefinition":
			case "AccessorProperty": return this.#keyed(node, scope);
			case "BlockStatement": return this.#fields(node, inside(scope, lexicalNames(many(node, "body"))));
			case "StaticBlock": return this.#fields(node, inside(scope, [...lexicalNames(many(node, "body")), ...hoistedNames(many(node, "body"))]));
			case "SwitchStatement": return this.#switch(node, scope);
			case "CatchClause": return this.#fields(node, inside(scope, patternNames(one(node, "param"))));
			case "LabeledStatement":
				this.#labels.push(String(one(node, "label")?.name));
				this.#put("(label");
				this.print(one(node, "body"), scope);
				this.#put(")");
				this.#labels.pop();
				return;
			case "BreakStatement":
			case "ContinueStatement": return this.#put(`(${node.type}${node.label ? ` ${this.#labels.length - this.#labels.lastIndexOf(String(one(node, "label")?.name))}` : ""})`);
			case "MetaProperty": return this.#put(`${String(one(node, "meta")?.name)}.${String(one(node, "property")?.name)}`);
			case "EmptyStatement": return;
			default: return this.#fields(node, scope);
		}
	}
	#put(text) {
		this.text.push(text, " ");
	}
	/** A node as its type and its fields, in the parser's order. */
	#fields(node, scope, except) {
		this.#put(`(${node.type}`);
		for (const [field, value] of Object.entries(node)) {
			if (SILENT.has(field) || field === except || value === void 0) continue;
			if (Array.isArray(value)) this.#list(value, scope);
			else if (isSyntax(value)) this.print(value, scope);
			else this.#put(value === null ? "_" : `${field}=${String(value)}`);
		}
		this.#put(")");
	}
	#list(values, scope) {
		this.#put("[");
		for (const value of values) if (value) this.print(value, scope);
		else this.#put("_");
		this.#put("]");
	}
	#name(name, scope) {
		const local = find(scope, name);
		if (local) return this.#put(`$${local.id ??= this.#locals++}`);
		const meaning = this.#surroundings.meaning(name);
		if (!meaning) return this.#put(`!${name}`);
		if (meaning.is === "self") return this.#put(`&${meaning.index}`);
		if (meaning.is === "import") return this.#import(meaning);
		let place = this.declarations.indexOf(meaning.declaration);
		if (place < 0) place = this.declarations.push(meaning.declaration) - 1;
		this.#put(`@${place}.${meaning.index}`);
	}
	#import({ name, versioned }) {
		this.imports.add(versioned);
		if (IMPURE_IMPORTS.has(name)) this.impure.add(name.slice(name.indexOf(":") + 1).replace("#", "."));
		this.#put(`%${name}`);
	}
	#literal(node) {
		const { value, regex, bigint } = node;
		if (regex) return this.#put(`/${regex.pattern}/${regex.flags}`);
		if (bigint) return this.#put(`${bigint}n`);
		if (typeof value !== "string") return this.#put(String(value));
		const imported = this.#surroundings.specifier?.(value);
		if (imported) this.#import(imported);
		else this.#put(JSON.stringify(value));
	}
	#member(node, scope) {
		const [object, property] = [one(node, "object"), one(node, "property")];
		const key = keyOf(property, node.computed === true);
		this.#noteImpure(node, object, key, scope);
		this.#put(node.optional ? "(?." : "(.");
		this.print(object, scope);
		if (key === void 0) this.print(property, scope);
		else this.#put(key);
		this.#put(")");
	}
	/** Remembers `Math.random` and the like where `Math` is the global one; `process.env` with the variable that is read. */
	#noteImpure(node, object, key, scope) {
		const owner = this.#globalPath(object, scope);
		if (owner === void 0 || this.#noted === node) return;
		const name = key === void 0 || key.startsWith("#") ? void 0 : String(JSON.parse(key));
		if (owner === "process.env" && name !== void 0) {
			this.#noted = object;
			this.impure.add(`process.env.${name}`);
		} else if (IMPURE.has(`${owner}.${name}`)) this.impure.add(`${owner}.${name}`);
	}
	#globalPath(node, scope) {
		if (node.type === "Identifier") {
			const name = String(node.name);
			if (find(scope, name)) return void 0;
			const meaning = this.#surroundings.meaning(name);
			if (!meaning) return name;
			if (meaning.is === "import" && /^node:(crypto|process)#(default|\*)$/.test(meaning.name)) return meaning.name.slice(5, meaning.name.indexOf("#"));
			return;
		}
		if (node.type !== "MemberExpression") return void 0;
		const [object, key] = [one(node, "object"), keyOf(one(node, "property"), node.computed === true)];
		const path = this.#globalPath(object, scope);
		if (path === void 0 || key === void 0 || key.startsWith("#")) return void 0;
		return path === "globalThis" ? String(JSON.parse(key)) : `${path}.${String(JSON.parse(key))}`;
	}
	#call(node, scope) {
		const callee = this.#globalPath(one(node, "callee"), scope);
		if (callee === "Date" && (node.type === "CallExpression" || many(node, "arguments").length === 0)) this.impure.add("new Date()");
		if (callee === "eval" || callee === "Function") this.impure.add(callee);
		this.#fields(node, scope);
	}
	#keyed(node, scope) {
		const key = keyOf(one(node, "key"), node.computed === true);
		if (key === void 0) return this.#fields(node, scope);
		this.#put(key);
		this.#fields({
			...node,
			computed: void 0
		}, scope, "key");
	}
	/** Parameters and body have scopes of their own, so that a default value never sees a variable of the body. */
	#function(node, scope) {
		if (node.type === "FunctionDeclaration" && node.id) this.print(one(node, "id"), scope);
		const outer = inside(scope, [...node.type === "FunctionExpression" ? patternNames(one(node, "id")) : [], ...many(node, "params").flatMap((param) => patternNames(param))]);
		this.#put(`(${node.type} ${node.async ? "async" : ""}${node.generator ? "*" : ""}`);
		this.#list(many(node, "params"), outer);
		const body = one(node, "body");
		if (body?.type === "BlockStatement") {
			const statements = many(body, "body");
			this.#list(statements, inside(outer, [...lexicalNames(statements), ...hoistedNames(statements)]));
		} else if (body) this.print(body, outer);
		this.#put(")");
	}
	#class(node, scope) {
		if (node.type === "ClassDeclaration" && node.id) this.print(one(node, "id"), scope);
		const own = node.type === "ClassExpression" ? patternNames(one(node, "id")) : [];
		this.#fields(node, inside(scope, own), "id");
	}
	#switch(node, scope) {
		this.#put("(switch");
		this.print(one(node, "discriminant"), scope);
		const statements = many(node, "cases").flatMap((each) => many(each, "consequent"));
		this.#list(many(node, "cases"), inside(scope, lexicalNames(statements)));
		this.#put(")");
	}
};
/** A child that is one node. */
function one(node, field) {
	const value = node[field];
	return isSyntax(value) ? value : void 0;
}
/** A child that is a list; holes are left out. */
function many(node, field) {
	const value = node[field];
	return Array.isArray(value) ? value.filter(isSyntax) : [];
}
/** All children, in source order. */
function children(node) {
	const found = [];
	for (const field in node) {
		const value = node[field];
		if (typeof value !== "object" || value === null) continue;
		if (!Array.isArray(value)) {
			if (isSyntax(value)) found.push(value);
		} else for (const each of value) if (isSyntax(each)) found.push(each);
	}
	return found;
}
function isSyntax(value) {
	return typeof value === "object" && value !== null && typeof value.type === "string";
}
/** The key of a property or member as JSON text; undefined when it is computed. */
function keyOf(key, computed) {
	if (key.type === "PrivateIdentifier") return `#${String(key.name)}`;
	if (key.type === "Literal" && (typeof key.value === "string" || !computed && key.value !== void 0)) return JSON.stringify(String(key.value));
	return computed || key.type !== "Identifier" ? void 0 : JSON.stringify(key.name);
}
function find(scope, name) {
	for (let each = scope; each; each = each.parent) {
		const found = each.names.get(name);
		if (found) return found;
	}
}
function inside(parent, names) {
	return names.length === 0 ? parent : {
		names: new Map(names.map((name) => [name, {}])),
		parent
	};
}
/** Names that a binding pattern declares, in source order. */
function patternNames(pattern) {
	switch (pattern?.type) {
		case "Identifier": return [String(pattern.name)];
		case "ObjectPattern": return many(pattern, "properties").flatMap((each) => patternNames(one(each, "value") ?? one(each, "argument")));
		case "ArrayPattern": return many(pattern, "elements").flatMap((each) => patternNames(each));
		case "AssignmentPattern": return patternNames(one(pattern, "left"));
		case "RestElement": return patternNames(one(pattern, "argument"));
		case "TSParameterProperty": return patternNames(one(pattern, "parameter"));
		default: return [];
	}
}
/** Names that statements of one block declare for that block: `let`, `const`, functions, classes. */
function lexicalNames(statements) {
	return statements.flatMap((statement) => {
		switch (statement?.type) {
			case "VariableDeclaration": return statement.kind === "var" ? [] : many(statement, "declarations").flatMap((each) => patternNames(one(each, "id")));
			case "FunctionDeclaration":
			case "ClassDeclaration":
			case "TSEnumDeclaration": return patternNames(one(statement, "id"));
			default: return [];
		}
	});
}
/** Names that `var` declares in statements and in the statements inside them; never in functions or classes. */
function hoistedNames(nodes) {
	return nodes.flatMap((node) => {
		if (node.type === "VariableDeclaration") return node.kind === "var" ? many(node, "declarations").flatMap((each) => patternNames(one(each, "id"))) : [];
		return NESTING.test(node.type) ? hoistedNames(children(node)) : [];
	});
}
// engine/code-slice.ts
/** Raised when digests change their meaning. */
const SLICE_SCHEMA = "kith-code-1";
/** How imports from packages are spelt in the chunk: `kith-npm:sharp@0.35.5/subpath`. */
const PACKAGE_PREFIX = "kith-npm:";
/** Digests of all kinds of nodes that the chunk defines. */
function sliceCode(chunk) {
	const declarations = collect(chunk);
	const normals = normaliseAll(chunk, declarations);
	const effects = attachEffects(chunk, declarations, normals);
	const vertices = normals.map((normal, index) => ({
		own: digestOf([normal.text, ...normal.imports]),
		refers: [...normal.declarations, ...effects.get(index) ?? []]
	}));
	const digests = merkle(vertices);
	const alone = normals.map(({ text }) => digestOf([text]));
	const code = {};
	const impurities = /* @__PURE__ */ new Map();
	for (const [index, { node }] of declarations.entries()) {
		if (!node) continue;
		const reach = [...reached(vertices, index)];
		code[node.kind] = {
			digest: digestOf([
				SLICE_SCHEMA,
				chunk.bundler,
				digests[index]
			]),
			parts: parts(chunk, declarations, normals, alone, reach)
		};
		for (const each of reach) noteImpurities(impurities, chunk, declarations[each], normals[each], node);
	}
	return {
		code,
		definitions: declarations.flatMap(({ node, module }) => node ? [{
			kind: node.kind,
			module
		}] : []),
		warnings: [...impurities].map(([what, kinds]) => `${what}, so the cached result of ${[...kinds].join(", ")} may be out of date without notice`).sort()
	};
}
function collect(chunk) {
	const found = [];
	for (const statement of many(chunk.program, "body")) {
		const module = chunk.regions.find(({ start, end }) => start <= statement.start && statement.start < end)?.module ?? "";
		found.push(...declarationsOf(statement, module));
	}
	for (const [module, { packages }] of chunk.bare) for (const name of packages) found.push({
		module,
		name: "top level",
		binds: [],
		nodes: [literal(name)],
		sort: "package"
	});
	const definer = found.find(({ module, binds }) => module === chunk.definer && binds.some((name) => plain(name) === "defineNode"))?.binds[0];
	if (definer === void 0) return found;
	const calls = found.map(({ nodes, module }) => module === chunk.definer ? [] : nodes.flatMap((node) => callsOf(node, definer)));
	const nodes = found.flatMap((declaration, index) => calls[index].flatMap((call) => nodeOf(call, declaration, calls[index].length > 1)));
	return [...found.map((declaration, index) => ({
		...declaration,
		defines: calls[index].length > 0
	})), ...nodes];
}
function declarationsOf(statement, module) {
	const declare = (sort, node, binds, name = binds.map(plain).join(",") || "top level") => [{
		module,
		name,
		binds,
		nodes: [node],
		sort
	}];
	switch (statement.type) {
		case "ImportDeclaration":
		case "ExportNamedDeclaration":
		case "ExportAllDeclaration": return [];
		case "FunctionDeclaration": return declare("function", statement, patternNames(one(statement, "id")));
		case "ClassDeclaration": return declare("class", statement, patternNames(one(statement, "id")));
		case "VariableDeclaration": return many(statement, "declarations").flatMap((each) => declare("variable", each, patternNames(one(each, "id"))));
		default: return declare("statement", statement, hoistedNames([statement]), "top level");
	}
}
/** A deconflicted name as its author wrote it. */
function plain(name) {
	return name.replace(/\$\d+$/, "") || name;
}
function literal(value) {
	return {
		type: "Literal",
		value,
		start: 0,
		end: 0
	};
}
function callsOf(node, callee) {
	const below = children(node).flatMap((child) => callsOf(child, callee));
	return node.type === "CallExpression" && one(node, "callee")?.name === callee ? [node, ...below] : below;
}
/** What counts of `defineNode({…})`: `kind`, `run`, `summarise`, and what is spread into the literal. */
function nodeOf(call, { module, name }, several) {
	const properties = many(call, "arguments").flatMap((argument) => many(argument, "properties"));
	const named = new Map(properties.map((property) => [propertyName(property), property]));
	const kind = one(named.get("kind") ?? call, "value")?.value;
	if (typeof kind !== "string") return [];
	const counted = [
		"kind",
		"run",
		"summarise"
	].flatMap((each) => named.get(each) ?? []);
	const spread = properties.filter(({ type }) => type === "SpreadElement");
	const env = many(one(named.get("env") ?? call, "value") ?? call, "elements").map((element) => String(element.value));
	return [{
		module,
		name: several ? kind : name,
		binds: [],
		nodes: [...counted, ...spread],
		sort: "node",
		node: {
			kind,
			env
		},
		defines: true
	}];
}
/** The name of a property of an object literal; undefined when it is computed or spread. */
function propertyName(property) {
	const key = one(property, "key");
	const text = key && keyOf(key, property.computed === true);
	return text === void 0 || text.startsWith("#") ? void 0 : String(JSON.parse(text));
}
function normaliseAll(chunk, declarations) {
	const bound = /* @__PURE__ */ new Map();
	for (const [declaration, { binds }] of declarations.entries()) binds.forEach((name, index) => bound.set(name, {
		declaration,
		index
	}));
	const imports = importsOf(chunk.program);
	return declarations.map(({ nodes }, current) => {
		const meaning = (name) => {
			const found = bound.get(name);
			if (!found) return imports.get(name);
			return found.declaration === current ? {
				is: "self",
				index: found.index
			} : {
				is: "declaration",
				...found
			};
		};
		return normalise(nodes, {
			meaning,
			specifier: (text) => text.startsWith("kith-npm:") ? spell(text, "") : void 0
		});
	});
}
function importsOf(program) {
	const found = /* @__PURE__ */ new Map();
	for (const statement of many(program, "body")) {
		if (statement.type !== "ImportDeclaration") continue;
		const source = String(one(statement, "source")?.value);
		for (const specifier of many(statement, "specifiers")) {
			const imported = one(specifier, "imported");
			const what = imported ? String(imported.name ?? imported.value) : specifier.type === "ImportDefaultSpecifier" ? "default" : "*";
			found.set(String(one(specifier, "local")?.name), {
				is: "import",
				...spell(source, `#${what}`)
			});
		}
	}
	return found;
}
/** `kith-npm:sharp@0.35.5/sub` without and with its version. */
function spell(source, what) {
	const { name, subpath } = packageOf(source) ?? {
		name: source,
		subpath: ""
	};
	return {
		name: `${name}${subpath}${what}`,
		versioned: `${source}${what}`
	};
}
function packageOf(source) {
	const found = /^kith-npm:((?:@[^/]+\/)?[^/@]+)@([^/#]*)([^#]*)/.exec(source);
	return found ? {
		name: found[1],
		version: found[2],
		subpath: found[3]
	} : void 0;
}
/**
* Which top-level statements each declaration depends on besides what it names. A statement counts for everything in its module, for
* modules that import its module for effect, for what it names, and for the variables that it could change by calling what it names.
* Statements that make handles (`for (const k of [5, 10]) mine({ … }, { k })`) wire nodes: they count only for what they could change.
* Not seen: an initialiser (`const a = fill(b)`) that changes another variable.
*/
function attachEffects(chunk, declarations, normals) {
	const attached = /* @__PURE__ */ new Map();
	const attach = (to, effect) => {
		const list = attached.get(to) ?? [];
		if (to !== effect && !list.includes(effect)) attached.set(to, [...list, effect]);
	};
	const importers = effectImporters(chunk);
	const named = normals.map(({ declarations: refers }) => ({
		own: "",
		refers
	}));
	const wired = named.map((vertex, index) => declarations[index].defines ? {
		own: "",
		refers: []
	} : vertex);
	for (const effect of effectsOf(chunk, declarations, normals)) {
		const { module } = declarations[effect];
		if (![...reached(named, effect)].some((each) => declarations[each].defines)) {
			const modules = importers(module);
			for (const [index, declaration] of declarations.entries()) if (modules.has(declaration.module)) attach(index, effect);
		}
		for (const each of named[effect].refers) if (!declarations[each].defines) attach(each, effect);
		for (const each of reached(wired, effect)) if (changeable(declarations[each])) attach(each, effect);
	}
	return attached;
}
/** Top-level statements, and variables that nobody names: the bundler kept those for what their initialisers do. */
function effectsOf(chunk, declarations, normals) {
	const used = new Set(normals.flatMap(({ declarations: refers }) => refers));
	const exported = exportedNames(chunk.program);
	return [...declarations.keys()].filter((index) => {
		const { sort, binds, defines } = declarations[index];
		if (sort === "statement" || sort === "package") return true;
		return (sort === "variable" || sort === "class") && !defines && !used.has(index) && !binds.some((name) => exported.has(name));
	});
}
function exportedNames(program) {
	const specifiers = many(program, "body").flatMap((statement) => statement.type === "ExportNamedDeclaration" ? many(statement, "specifiers") : []);
	return new Set(specifiers.map((specifier) => String(one(specifier, "local")?.name)));
}
/** A module and those that import it for its effects, directly or through others. */
function effectImporters(chunk) {
	return (module) => {
		const found = /* @__PURE__ */ new Set([module]);
		for (const each of found) for (const [importer, { modules }] of chunk.bare) if (modules.includes(each)) found.add(importer);
		return found;
	};
}
function changeable({ sort, nodes, defines }) {
	const init = nodes[0] && one(nodes[0], "init");
	return sort === "variable" && !defines && ![
		"Literal",
		"ArrowFunctionExpression",
		"FunctionExpression",
		"ClassExpression",
		"TemplateLiteral"
	].includes(init?.type ?? "Literal");
}
function parts(chunk, declarations, normals, alone, reach) {
	const found = /* @__PURE__ */ new Map([["rolldown", /* @__PURE__ */ new Set([chunk.bundler])]]);
	const add = (part, value) => void found.set(part, (found.get(part) ?? /* @__PURE__ */ new Set()).add(value));
	for (const index of reach) {
		const { module, name } = declarations[index];
		for (const each of normals[index].imports) {
			const from = packageOf(each);
			if (from) add(`npm:${from.name}`, from.version);
		}
		if (module !== "" && !module.startsWith("\0")) add(`${chunk.label(module)}#${name}`, alone[index]);
	}
	const combined = [...found].map(([part, values]) => [part, combine(part, [...values].sort())]);
	return Object.fromEntries(combined.sort(([a], [b]) => a < b ? -1 : 1));
}
function combine(part, values) {
	if (values.length === 1) return values[0];
	return part.startsWith("npm:") ? values.join(", ") : digestOf(values);
}
function noteImpurities(found, chunk, { module, name }, { impure }, { kind, env }) {
	if (!chunk.isProject(module)) return;
	for (const what of impure) {
		if (what.startsWith("process.env.") && env.includes(what.slice(12))) continue;
		const text = `${chunk.label(module)}: ${name === "top level" ? "the top level" : name} uses ${what}`;
		found.set(text, (found.get(text) ?? /* @__PURE__ */ new Set()).add(kind));
	}
}
// engine/compile-source.ts
/** Whether a module needs to be parsed at all: most modules hold nothing to rewrite. */
function needsRewriting(text) {
	return /\bdefineNode\b|\bimport\s*\.\s*meta\b|\bimport\s*\(|\bimport\s*['"]/.test(text);
}
/** Rewrites a module. Throws a KithError (exit code 2) for a definition that is not a top-level call with a literal kind. */
function rewrite(source, purpose) {
	const statements = many(source.program, "body");
	const definers = new Set(statements.flatMap(importedDefiners));
	const edits = [];
	const lazy = [];
	const definitions = [];
	const visit = (node, around) => {
		if (isDefinition(node, definers)) {
			definitions.push({
				kind: checkDefinition(source, node, around),
				line: lineOf(source.text, node.start).line
			});
			if (!awaits(node)) edits.push({
				start: node.start,
				end: node.start,
				text: PURE
			}, {
				start: node.end,
				end: node.end,
				text: ")()"
			});
			if (purpose === "plan") edits.push(...stubs(node));
		} else if (node.type === "MemberExpression") edits.push(...placeOf(source, node, purpose));
		else if (node.type === "ImportExpression" && purpose === "slice") edits.push(...makeStatic(node, lazy));
		const inner = SHELTERS.test(node.type) ? [...around, node] : around;
		for (const child of children(node)) if (!covered(child, edits)) visit(child, inner);
	};
	for (const statement of statements) visit(statement, []);
	const imports = lazy.map((specifier, index) => `import * as __kithLazy${index} from ${JSON.stringify(specifier)};`);
	return {
		text: [apply(source.text, edits), ...imports].join("\n"),
		bare: statements.flatMap(bareSpecifier),
		definitions
	};
}
/** Around a definition, so that one which nobody uses goes with all that its literal computes. */
const PURE = "/* @__PURE__ */ (() => ";
/** Syntax inside which a definition is no longer at its module's top level. */
const SHELTERS = /^(Arrow|For|While|DoWhile|Function|Class|Block|Static|Switch|Try|If|TSModule)/;
function importedDefiners(statement) {
	if (statement.type !== "ImportDeclaration" || statement.importKind === "type") return [];
	return many(statement, "specifiers").flatMap((specifier) => {
		const local = String(one(specifier, "local")?.name);
		if (specifier.type === "ImportNamespaceSpecifier") return [`${local}.`];
		return one(specifier, "imported")?.name === "defineNode" ? [local] : [];
	});
}
function isDefinition(node, definers) {
	if (node.type !== "CallExpression") return false;
	const callee = one(node, "callee");
	if (callee.type === "Identifier") return definers.has(String(callee.name));
	return callee.type === "MemberExpression" && one(callee, "property")?.name === "defineNode" && definers.has(`${String(one(callee, "object")?.name)}.`);
}
/** The kind that a call of `defineNode` declares. */
function checkDefinition(source, call, around) {
	const literal = unwrap(many(call, "arguments")[0]);
	const value = unwrap((literal ? many(literal, "properties") : []).filter((property) => propertyName(property) === "kind").map((property) => one(property, "value"))[0]);
	const kind = value?.type === "Literal" && typeof value.value === "string" ? value.value : void 0;
	const where = positionOf(source, (kind === void 0 ? value : void 0)?.start ?? call.start);
	if (around.length > 0) throw notAtTop(source, call, around, kind);
	if (literal?.type !== "ObjectExpression") throw new KithError(`${source.shown} calls defineNode with something other than an object literal.`, {
		facts: [where],
		hint: "Write the definition in the call: defineNode({ kind: …, run: … }). Its parts may be names of things declared elsewhere.",
		exitCode: 2
	});
	if (kind === void 0) throw new KithError(`A node's kind must be a string literal.`, {
		facts: [where],
		hint: `Write it out, e.g. kind: 'mine-neighbours': it names the node's code before anything runs.`,
		exitCode: 2
	});
	return kind;
}
function notAtTop(source, call, around, kind) {
	const local = new Set(around.flatMap(declaredBy));
	const closed = /* @__PURE__ */ new Set();
	normalise([call], { meaning: (name) => void (local.has(name) && closed.add(name)) });
	const names = [...closed].filter((name) => name !== "defineNode");
	return new KithError(`${source.shown} calls defineNode inside a ${around.some(({ type }) => type.includes("Function")) ? "function" : "block"}${kind === void 0 ? "" : ` (kind "${kind}")`}.`, {
		facts: [positionOf(source, call.start), names.length > 0 ? `It closes over ${names.join(", ")}, whose ${names.length === 1 ? "value" : "values"} cannot be seen in the code that is hashed.` : "The code of a node is found by its declaration at the top level of a module."],
		hint: `Move it to the top level of the module${names.length > 0 ? ` and pass ${names.join(", ")} as params of the node` : ""}.`,
		exitCode: 2
	});
}
/** Names that a function, loop or block around a definition declares. */
function declaredBy(node) {
	const params = [...many(node, "params"), one(node, "param")].flatMap((param) => patternNames(param));
	const body = one(node, "body");
	const statements = [...many(node, "body"), ...body ? many(body, "body") : []];
	return [
		...params,
		...lexicalNames([
			one(node, "init"),
			one(node, "left"),
			...statements
		]),
		...hoistedNames(statements)
	];
}
/** Cuts the bodies that only running needs out of a definition. */
function stubs(call) {
	return many(unwrap(many(call, "arguments")[0]), "properties").flatMap((property) => {
		const name = propertyName(property);
		return name === "run" || name === "summarise" || name === "draw" ? [{
			start: property.start,
			end: property.end,
			text: `${name}: undefined`
		}] : [];
	});
}
function placeOf({ file, place }, node, purpose) {
	const meta = one(node, "object");
	if (meta?.type !== "MetaProperty" || one(meta, "meta")?.name !== "import" || node.computed === true) return [];
	const name = String(one(node, "property")?.name);
	const value = {
		url: pathToFileURL(file).href,
		filename: file,
		dirname: dirname(file)
	}[name];
	if (value === void 0) return [];
	const literal = purpose === "slice" ? `kith-place:${place} ${name}` : value;
	return [{
		start: node.start,
		end: node.end,
		text: JSON.stringify(literal)
	}];
}
/** In the chunk that is only digested a lazy import of a local module may as well be static: its declarations then stay apart. */
function makeStatic(node, lazy) {
	const specifier = one(node, "source")?.value;
	if (typeof specifier !== "string" || !/^(\.|\/|file:|kith$)/.test(specifier)) return [];
	return [{
		start: node.start,
		end: node.end,
		text: `Promise.resolve(__kithLazy${lazy.push(specifier) - 1})`
	}];
}
function bareSpecifier(statement) {
	return statement.type === "ImportDeclaration" && many(statement, "specifiers").length === 0 && statement.importKind !== "type" ? [String(one(statement, "source")?.value)] : [];
}
function awaits(node) {
	return node.type === "AwaitExpression" || !/Function/.test(node.type) && children(node).some(awaits);
}
function unwrap(node) {
	return node && [
		"TSAsExpression",
		"TSSatisfiesExpression",
		"ParenthesizedExpression"
	].includes(node.type) ? unwrap(one(node, "expression")) : node;
}
function covered(node, edits) {
	return edits.some(({ start, end }) => start < end && start <= node.start && node.end <= end);
}
function apply(text, edits) {
	return edits.map((edit, order) => ({
		...edit,
		order
	})).sort((a, b) => b.start - a.start || b.order - a.order).reduce((made, { start, end, text: replacement }) => made.slice(0, start) + replacement + made.slice(end), text);
}
/** A position as `lib/a.ts:3:14` with the line of code it points at. */
function positionOf({ shown, text }, offset) {
	const { line, column } = lineOf(text, offset);
	return frame(shown, text, line, column);
}
/** `lib/a.ts:3:14` and that line of the text; line and column count from 1. */
function frame(shown, text, line, column) {
	const code = text.split(/\r?\n/)[line - 1]?.trim();
	return `${shown}:${line}:${column}${code ? `  ${code.length > 120 ? `${code.slice(0, 119)}…` : code}` : ""}`;
}
function lineOf(text, offset) {
	const before = text.slice(0, offset).split("\n");
	return {
		line: before.length,
		column: before.at(-1).length + 1
	};
}
// engine/compile-failure.ts
/** The user's mistake behind a failed build, or the error itself. */
function bundlingFailure(error, reading) {
	if (isKithError(error)) return error;
	const report = error.errors?.[0] ?? error;
	const file = report.loc?.file ?? report.id;
	const shown = file === void 0 ? "the pipeline" : reading.label(file);
	const what = explanation(report);
	switch (report.code) {
		case "PARSE_ERROR": return refuse(`${shown} has a syntax error: ${what}.`, where(report, file, shown));
		case "UNRESOLVED_IMPORT": {
			const specifier = report.exporter ?? /resolve '([^']+)'/.exec(report.message)?.[1] ?? "a module";
			const hint = /^[./]/.test(specifier) ? "Check the path; it is relative to the importing file and ends in .ts." : `Install it: npm install ${specifier}`;
			return refuse(`${shown} imports ${specifier}, which cannot be found.`, where(report, file, shown, specifier), hint);
		}
		case "MISSING_EXPORT": return refuse(`${shown} imports something that is not there: ${what}`, where(report, file, shown), "A type is imported with `import type`.");
		default: return report.code === void 0 || file === void 0 ? error : refuse(`${shown} cannot be bundled: ${what}`, where(report, file, shown));
	}
}
function refuse(headline, facts, hint) {
	return new KithError(headline, {
		facts,
		...hint === void 0 ? {} : { hint },
		exitCode: 2
	});
}
/** The first line of the bundler's message, without its code. */
function explanation({ message }) {
	return message.split("\n")[0].replace(/^\[\w+\]\s*/, "");
}
/** The position as a fact. The bundler may have seen a text with lines added at its end: then the specifier is looked for. */
function where({ loc }, file, shown, specifier) {
	if (file === void 0) return [];
	const text = readFileSync(file, "utf8");
	const lines = text.split("\n");
	if (loc && loc.line <= lines.length && (specifier === void 0 || lines[loc.line - 1].includes(specifier))) return [frame(shown, text, loc.line, loc.column + 1)];
	const line = lines.findIndex((each) => specifier !== void 0 && each.includes(specifier));
	return line < 0 ? [shown] : [frame(shown, text, line + 1, lines[line].indexOf(specifier))];
}
// engine/compile-bundle.ts
/** Bundles a pipeline. Throws KithErrors with exit code 2 for syntax errors, unresolvable imports and definitions that cannot be hashed. */
async function bundlePipeline(places) {
	const session = new Session(places);
	const slice = await session.bundle("slice");
	const slices = session.slice(slice[0]);
	const [plan, work] = await Promise.all([session.bundle("plan"), session.bundle("work")]);
	const files = new Map([...plan, ...work].map(({ fileName, code }) => [fileName, code]));
	const { sources, packages, absent } = session;
	return {
		files,
		slices,
		sources,
		packages,
		absent: [...absent]
	};
}
/** Packages that declarations themselves are made of: inlined and tree-shaken, which loads ten times faster than the whole. */
const INLINED = /^zod(\/|$)/;
/** In place of the text of a module that changed between two bundles of one session: no file holds it. */
const TORN = "\0";
async function generate(build, purpose, format) {
	const extension = format === "esm" ? "mjs" : "cjs";
	const { output } = await build.generate({
		format,
		exports: "named",
		minify: false,
		comments: false,
		codeSplitting: purpose === "work",
		entryFileNames: `[name].${extension}`,
		chunkFileNames: `${purpose}-[name]-[hash].${extension}`
	});
	return output.filter((each) => each.type === "chunk").sort((a, b) => Number(b.isEntry) - Number(a.isEntry));
}
/** The plan as a script; nothing where it awaits at its top, imports a package or imports anything later: then it stays a module. */
async function asScript(build, [plan]) {
	if (!plan.imports.every(isBuiltin) || plan.dynamicImports.length > 0) return [];
	try {
		return await generate(build, "plan", "cjs");
	} catch {
		return [];
	}
}
var Session = class {
	sources = /* @__PURE__ */ new Map();
	packages = /* @__PURE__ */ new Map();
	absent = /* @__PURE__ */ new Set();
	#places;
	/** Folders of this package that hold sources. */
	#own;
	#bare = /* @__PURE__ */ new Map();
	#lines = /* @__PURE__ */ new Map();
	#parsed = /* @__PURE__ */ new Map();
	constructor(places) {
		this.#places = {
			...places,
			entry: realpathSync(places.entry),
			root: realpathSync(places.root),
			kith: realpathSync(places.kith)
		};
		this.#own = [
			"nodes",
			"engine",
			"cache"
		].map((folder) => join(this.#places.kith, folder) + sep);
	}
	async bundle(purpose) {
		const { entry, root } = this.#places;
		const refusals = [];
		const unresolved = [];
		try {
			const build = await rolldown({
				input: { [purpose]: entry },
				cwd: root,
				platform: "node",
				transform: { target: "node20.19" },
				resolve: { extensionAlias: {
					".js": [
						".js",
						".ts",
						".tsx"
					],
					".mjs": [".mjs", ".mts"],
					".jsx": [".jsx", ".tsx"]
				} },
				optimization: { inlineConst: false },
				treeshake: purpose === "plan" ? { moduleSideEffects: (id, external) => this.#actsInPlan(id, external) } : true,
				plugins: [this.#plugin(purpose, refusals)],
				onLog: (_, log) => void (log.code === "UNRESOLVED_IMPORT" && unresolved.push(log))
			});
			const chunks = await generate(build, purpose, "esm");
			if (refusals[0]) throw refusals[0];
			if (unresolved[0]) throw bundlingFailure(unresolved[0], this.#reading());
			if (purpose === "plan") chunks.push(...await asScript(build, chunks));
			await build.close();
			return chunks;
		} catch (error) {
			throw refusals[0] ?? bundlingFailure(error, this.#reading());
		}
	}
	/** Digests of the code in the chunk that was made for it. */
	slice(chunk) {
		const slices = sliceCode({
			program: parse("slice.mjs", chunk.code),
			regions: regionsOf(chunk),
			definer: join(this.#places.kith, "engine", "define-node.ts"),
			bare: this.#bare,
			bundler: VERSION,
			label: (module) => this.#label(module),
			isProject: (module) => this.#isLocal(module) && !this.#isKith(module)
		});
		this.#refuseTwins(slices);
		return slices;
	}
	#refuseTwins({ definitions }) {
		for (const [index, { kind }] of definitions.entries()) {
			if (definitions.findIndex((each) => each.kind === kind) === index) continue;
			const places = [...new Set(definitions.filter((each) => each.kind === kind).map(({ module }) => module))].flatMap((module) => (this.#lines.get(module) ?? []).flatMap((each) => each.kind === kind ? `${this.#label(module)}:${each.line}` : []));
			throw new KithError(`Two nodes are of kind "${kind}".`, {
				facts: [`They are defined at ${places.join(" and ")}.`],
				hint: "Give one of them another kind.",
				exitCode: 2
			});
		}
	}
	#plugin(purpose, refusals) {
		const resolve = (context, specifier, importer, kind) => this.#resolve(context, specifier, importer, kind, purpose);
		const transform = async (context, text, id) => {
			try {
				return await this.#transform(context, text, id, purpose);
			} catch (error) {
				if (!isKithError(error)) throw error;
				refusals.push(error);
				return;
			}
		};
		return {
			name: "kith",
			resolveId: {
				filter: { id: /^[^./\0]/ },
				handler(specifier, importer, { kind }) {
					return importer === void 0 ? null : resolve(this, specifier, importer, kind);
				}
			},
			transform: {
				filter: { id: { exclude: [/^\0/, /[\\/]node_modules[\\/]zod[\\/]/] } },
				async handler(text, id) {
					const made = await transform(this, text, id);
					return made ? {
						code: made.text,
						map: null
					} : null;
				}
			}
		};
	}
	/** What a specifier that is no path stands for; null leaves it to the bundler. */
	async #resolve(context, specifier, importer, kind, purpose) {
		if (isAbsolute(specifier)) return null;
		if (specifier.startsWith("file:")) return { id: fileURLToPath(specifier) };
		if (isBuiltin(specifier)) return {
			id: specifier.startsWith("node:") ? specifier : `node:${specifier}`,
			external: true
		};
		if (specifier === "kith") return { id: join(this.#places.kith, "nodes", "index.ts") };
		if (purpose !== "slice" && INLINED.test(specifier)) return null;
		const found = await context.resolve(specifier, importer, {
			skipSelf: true,
			kind
		});
		if (!found || found.external) return kind === "import-statement" ? null : this.#absentPackage(specifier, importer, purpose);
		return this.#place(specifier, importer, found.id, kind, purpose);
	}
	async #transform(context, text, id, purpose) {
		if (!this.#isLocal(id)) return void 0;
		const made = this.#rewrite(id, text, purpose);
		if (purpose === "slice" && made && made.bare.length > 0) {
			const resolved = await Promise.all(made.bare.map((specifier) => context.resolve(specifier, id, { kind: "import-statement" })));
			this.#noteBare(id, resolved);
		}
		return made;
	}
	/** A local module with what bundling needs changed; undefined where nothing is to be changed or the module cannot be parsed. */
	#rewrite(id, text, purpose) {
		const before = this.sources.get(id);
		const known = before === text;
		this.sources.set(id, before === void 0 || known ? text : TORN);
		if (!/^\.[cm]?[jt]sx?$/.test(extname(id)) || !needsRewriting(text)) return void 0;
		if (!known || !this.#parsed.has(id)) this.#parsed.set(id, parse(id, text));
		const program = this.#parsed.get(id);
		if (!program) return void 0;
		const shown = this.#label(id);
		const made = rewrite({
			file: id,
			text,
			program,
			shown,
			place: this.#isKith(id) ? relative(this.#places.kith, id) : shown
		}, purpose);
		if (purpose === "slice") this.#lines.set(id, [...made.definitions]);
		return made;
	}
	#noteBare(id, resolved) {
		const found = resolved.filter((each) => each !== null);
		const modules = found.flatMap((each) => each.external ? [] : each.id);
		this.#bare.set(id, {
			modules,
			packages: found.flatMap((each) => each.external ? each.id : [])
		});
	}
	/** A bare specifier that was found: inlined where it leads out of node_modules (a linked package), else left outside. */
	#place(specifier, importer, id, kind, purpose) {
		if (this.#isLocal(id)) return { id };
		const { name, subpath } = nameOf(specifier);
		const manifest = manifestOf(id, name);
		const version = manifest === void 0 ? "unknown" : readVersion(manifest);
		if (manifest !== void 0) this.packages.set(manifest, version);
		if (purpose === "slice") {
			const hashed = kind === "dynamic-import" && isOptional(importer, name) ? "optional" : version;
			return {
				id: `${PACKAGE_PREFIX}${name}@${hashed}${subpath}`,
				external: true
			};
		}
		return {
			id: kind === "require-call" ? id : pathToFileURL(id).href,
			external: true
		};
	}
	/** `await import('optional-package')` may fail when it runs, and is then the program's to handle. */
	#absentPackage(specifier, importer, purpose) {
		const { name, subpath } = nameOf(specifier);
		for (let at = dirname(importer);; at = dirname(at)) {
			this.absent.add(join(at, "node_modules", name));
			if (dirname(at) === at) break;
		}
		const hashed = isOptional(importer, name) ? "optional" : "absent";
		return {
			id: purpose === "slice" ? `${PACKAGE_PREFIX}${name}@${hashed}${subpath}` : specifier,
			external: true
		};
	}
	/** While planning a module counts for its exports alone, unless it was imported for its effects or is the pipeline file. */
	#actsInPlan(id, external) {
		if (external) return false;
		if (!this.#isLocal(id)) return void 0;
		return id === this.#places.entry || [...this.#bare.values()].some(({ modules }) => modules.includes(id));
	}
	#isKith(id) {
		return this.#own.some((folder) => id.startsWith(folder));
	}
	#isLocal(id) {
		return this.#isKith(id) || !id.includes(`${sep}node_modules${sep}`);
	}
	#label(id) {
		const { root, kith } = this.#places;
		return (this.#isKith(id) && root !== kith ? join("kith", relative(kith, id)) : relative(root, id)).split(sep).join("/");
	}
	#reading() {
		return { label: (id) => this.#label(id) };
	}
};
/** The syntax tree of a module; undefined where it has errors, which the bundler reports better. */
function parse(file, text) {
	const { program, errors } = parseSync(file, text, {
		preserveParens: false,
		sourceType: /\.c[jt]s$/.test(file) ? "commonjs" : "module"
	});
	return errors.length > 0 ? void 0 : program;
}
/** The stretch of the chunk that each module became. */
function regionsOf({ code, modules }) {
	let at = 0;
	return Object.entries(modules).flatMap(([module, rendered]) => {
		const start = rendered.code ? code.indexOf(rendered.code, at) : -1;
		if (start < 0) return [];
		at = start + rendered.code.length;
		return [{
			module,
			start,
			end: at
		}];
	});
}
function nameOf(specifier) {
	const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
	return {
		name,
		subpath: specifier.slice(name.length)
	};
}
/** The package.json that gives a package its version: the one in `node_modules/<name>`, else the nearest with a version. */
function manifestOf(file, name) {
	const mark = join(sep, "node_modules", name) + sep;
	const at = file.lastIndexOf(mark);
	if (at >= 0) {
		const manifest = join(file.slice(0, at + mark.length), "package.json");
		if (existsSync(manifest)) return manifest;
	}
	for (let folder = nearestPackage(dirname(file)); folder !== void 0; folder = nearestPackage(dirname(folder))) {
		const manifest = join(folder, "package.json");
		if (readVersion(manifest) !== "unknown") return manifest;
		if (dirname(folder) === folder) break;
	}
}
/** The version in a package.json. */
function readVersion(manifest) {
	return String(JSON.parse(readFileSync(manifest, "utf8")).version ?? "unknown");
}
/**
* Whether the importing package calls a package optional. Such a package is a choice between equals, like the device: it is recorded with
* a result and does not make it stale when it is installed later.
*/
function isOptional(importer, name) {
	const folder = nearestPackage(dirname(importer));
	if (folder === void 0) return false;
	const { optionalDependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
	return name in optionalDependencies;
}
export { bundlePipeline };
