"""The model in torch says what llama.cpp says of the same file, with an adapter and without."""

import subprocess
import sys
from pathlib import Path

import pytest

from service.prose.open import packaged_model

torch = pytest.importorskip("torch")
pytest.importorskip("llama_cpp", reason='needs a compiler: pip install -e ".[dev-llm]"')

TEXT = "Le castor vit en famille dans un terrier, au bord de la Loire."
# In a process of its own: torch and llama.cpp each bring their OpenMP.
LLAMA_CPP = """
import sys
import numpy as np
from service.prose.llama_child import LoadedModel
model = LoadedModel(sys.argv[1], sys.argv[2] or None, 1, 256, 0.0, None)
tokens = model.tokenize(sys.argv[3], special=False)
told = []
for token in tokens:
    model._decode([token])
    logits = model._llama.llama_get_logits_ith(model._context, -1)
    told.append(np.ctypeslib.as_array(logits, shape=(model._size,)).copy())
np.savez(sys.argv[4], tokens=tokens, logits=np.array(told))
"""


def test_torch_and_llama_cpp_agree_on_the_base_and_on_an_adapter(tmp_path):
    import numpy as np

    from training.llama import Llama, write_adapter

    base = packaged_model()
    assert base is not None
    torch.manual_seed(3)
    model = Llama(base, rank=4, alpha=8.0)
    for adapter in ("", str(tmp_path / "adapter.gguf")):
        if adapter:
            for _, one in model.adapters():
                torch.nn.init.normal_(one.b, std=0.02)
            write_adapter(model, Path(adapter), "test")
        told = tmp_path / "told.npz"
        subprocess.run([sys.executable, "-c", LLAMA_CPP, str(base), adapter, TEXT, str(told)], check=True, timeout=120)
        with np.load(told) as kept:
            tokens, expected = kept["tokens"].tolist(), kept["logits"]
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            found = model.logits(model(torch.tensor([tokens]))[0]).float().numpy()
        assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.995
