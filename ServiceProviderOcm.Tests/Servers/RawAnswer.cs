using System.Text.Json;
using ServiceProviderOcm.Core.Kubernetes.Objects;

namespace ServiceProviderOcm.Tests.Servers;

/// <summary>What an API server has answered.</summary>
/// <param name="Code">The HTTP status code.</param>
/// <param name="Body">The answer.</param>
internal sealed record RawAnswer(int Code, JsonElement Body)
{
    /// <summary>Code and reason of an error.</summary>
    public (int Code, string Reason) Error => (Code, Body.Text("reason") ?? "");

    /// <summary>The message of an error.</summary>
    public string Message => Body.Text("message") ?? "";

    /// <summary>The fields that an error names.</summary>
    public IEnumerable<string> Fields => Body.Items("details", "causes").Select(cause => cause.Text("field") ?? "");

    /// <inheritdoc/>
    public override string ToString() => $"{Code} {Body}";
}
