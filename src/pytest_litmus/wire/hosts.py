"""Who serves models at which host."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Request

# Names by the OpenTelemetry registry of providers where it has one.
_MODEL_HOSTS = {
    "api.openai.com": "openai",
    "api.anthropic.com": "anthropic",
    "generativelanguage.googleapis.com": "gcp.gemini",
    "api.groq.com": "groq",
    "api.deepseek.com": "deepseek",
    "api.mistral.ai": "mistral_ai",
    "codestral.mistral.ai": "mistral_ai",
    "api.x.ai": "x_ai",
    "openrouter.ai": "openrouter",
    "api.together.xyz": "together",
    "api.together.ai": "together",
    "api.cohere.com": "cohere",
    "api.cohere.ai": "cohere",
    "api.perplexity.ai": "perplexity",
    "api.moonshot.ai": "moonshot_ai",
    "api.moonshot.cn": "moonshot_ai",
    "api.cerebras.ai": "cerebras",
    "api.fireworks.ai": "fireworks",
    "api.inference.crusoecloud.com": "crusoe",
    "us.inference.heroku.com": "heroku",
    "eu.inference.heroku.com": "heroku",
    "api.portkey.ai": "portkey",
    "api.writer.com": "writer",
    "api.z.ai": "zai",
    "open.bigmodel.cn": "zhipuai",
    "api.minimax.io": "minimax",
    "api.deepinfra.com": "deepinfra",
    "api.novita.ai": "novita",
    "api.sambanova.ai": "sambanova",
    "api.hyperbolic.xyz": "hyperbolic",
    "api.studio.nebius.com": "nebius",
    "integrate.api.nvidia.com": "nvidia",
    "models.github.ai": "github",
    "models.inference.ai.azure.com": "azure.ai.inference",
    "router.huggingface.co": "huggingface",
    "api-inference.huggingface.co": "huggingface",
    "api.replicate.com": "replicate",
    "api.voyageai.com": "voyageai",
    "api.jina.ai": "jina",
    "api.ai21.com": "ai21",
    "api.aleph-alpha.com": "aleph-alpha",
    "api.stability.ai": "stability",
    "ollama.com": "ollama",
    "api.arcee.ai": "arcee",
    "api.avian.io": "avian",
    "inference.baseten.co": "baseten",
    "api.doubleword.ai": "doubleword",
    "api.friendli.ai": "friendli",
    "api.githubcopilot.com": "github_copilot",
    "api.meta.ai": "meta",
    "api.llama.com": "meta",
    "api.minimaxi.com": "minimax",
    "api.tokenfactory.nebius.com": "nebius",
    "oai.endpoints.kepler.ai.cloud.ovh.net": "ovhcloud",
    "api.scaleway.ai": "scaleway",
    "api.siliconflow.com": "siliconflow",
    "api.siliconflow.cn": "siliconflow",
    "api.upstage.ai": "upstage",
    "api.deepgram.com": "deepgram",
    "api.elevenlabs.io": "elevenlabs",
    "api.assemblyai.com": "assemblyai",
    "fal.run": "fal",
    "queue.fal.run": "fal",
}

_MODEL_HOST_ENDS = (
    # (how the host begins, how it ends, provider)
    ("", ".api.openai.com", "openai"),
    ("", ".openai.azure.com", "azure.ai.openai"),
    ("", ".services.ai.azure.com", "azure.ai.inference"),
    ("", ".models.ai.azure.com", "azure.ai.inference"),
    ("bedrock-runtime", ".amazonaws.com", "aws.bedrock"),
    ("bedrock-runtime", ".amazonaws.com.cn", "aws.bedrock"),
    ("bedrock-runtime", ".api.aws", "aws.bedrock"),
    ("bedrock-agent-runtime", ".amazonaws.com", "aws.bedrock"),
    ("bedrock-agent-runtime", ".api.aws", "aws.bedrock"),
    ("bedrock-mantle.", ".api.aws", "aws.bedrock"),
    ("runtime.sagemaker.", ".amazonaws.com", "aws.sagemaker"),
    ("runtime-fips.sagemaker.", ".amazonaws.com", "aws.sagemaker"),
    ("runtime.sagemaker.", ".amazonaws.com.cn", "aws.sagemaker"),
    ("runtime.sagemaker.", ".api.aws", "aws.sagemaker"),
    ("", ".endpoints.huggingface.cloud", "huggingface"),
    ("", ".ml.cloud.ibm.com", "ibm.watsonx.ai"),
    ("", ".aws.wxai.ibm.com", "ibm.watsonx.ai"),
    ("stream", ".replicate.com", "replicate"),
    ("stream", ".replicate.net", "replicate"),
    ("dashscope", ".aliyuncs.com", "dashscope"),
    ("api.", ".elevenlabs.io", "elevenlabs"),
)

_MIXED_HOST_ENDS = (
    # These serve much else beside models: the path has to say that a request is one.
    ("", "aiplatform.googleapis.com", "gcp.vertex_ai"),
    ("aiplatform.", ".rep.googleapis.com", "gcp.vertex_ai"),
    ("", ".prediction.vertexai.goog", "gcp.vertex_ai"),
    ("", ".cognitiveservices.azure.com", "azure.ai.openai"),
    ("", ".snowflakecomputing.com", "snowflake"),
    ("", ".databricks.com", "databricks"),
    ("", ".azuredatabricks.net", "databricks"),
    ("gateway.ai.", "cloudflare.com", "cloudflare"),
    ("api.", "cloudflare.com", "cloudflare"),
)

_OLLAMA_PORT = 11434


def model_host(request: Request) -> str | None:
    """The provider, when the host serves nothing but models; else None."""
    return _MODEL_HOSTS.get(request.host) or _ending(request.host, _MODEL_HOST_ENDS)


def provider_of(request: Request) -> str:
    """The provider by the host; an unknown one is named by its host, and its port where unusual."""
    known = model_host(request) or _ending(request.host, _MIXED_HOST_ENDS)
    return known or ("ollama" if request.port == _OLLAMA_PORT else _host_and_port(request))


def _ending(host: str, table: tuple[tuple[str, str, str], ...]) -> str | None:
    return next(
        (name for start, end, name in table if host.startswith(start) and host.endswith(end)), None
    )


def _host_and_port(request: Request) -> str:
    host = f"[{request.host}]" if ":" in request.host else request.host
    usual = {"http": 80, "https": 443}.get(request.parts.scheme)
    return host if request.port in {None, usual} else f"{host}:{request.port}"
