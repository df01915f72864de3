// Installs what the benchmarks compare with into .peers (ignored by git): a Python environment with PyTorch, scikit-learn and ONNX Runtime.
import { execFileSync } from 'node:child_process';

const run = (program, ...words) => execFileSync(program, words, { stdio: 'inherit' });
run('python3', '-m', 'venv', '.peers');
run('.peers/bin/pip', 'install', '--quiet', 'torch', 'numpy', 'scikit-learn', 'onnxruntime');
