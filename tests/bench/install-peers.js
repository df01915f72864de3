// Installs what the benchmarks compare with into .peers (ignored by git): a Python environment with PyTorch and torchvision, scikit-learn,
// ONNX Runtime, DVC and Snakemake; wireit and Turborepo from npm.
import { execFileSync } from 'node:child_process';

const run = (program, ...words) => execFileSync(program, words, { stdio: 'inherit' });
run('python3', '-m', 'venv', '.peers');
run('.peers/bin/pip', 'install', '--quiet', 'torch', 'torchvision', 'pillow', 'numpy', 'scikit-learn', 'onnxruntime');
run('.peers/bin/pip', 'install', '--quiet', 'dvc', 'snakemake');
run('npm', 'install', '--prefix', '.peers', '--no-audit', '--no-fund', 'wireit', 'turbo');
