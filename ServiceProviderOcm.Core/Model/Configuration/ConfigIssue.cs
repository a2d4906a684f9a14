using ServiceProviderOcm.Core.Model.States;

namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>What is wrong with one field of a ProviderConfig.</summary>
/// <param name="Path">The field's JSON path, such as <c>spec.versions[1].chartURL</c>.</param>
/// <param name="Detail">What is wrong with it and what to write, as the rest of a sentence that starts with the path.</param>
/// <param name="State">The state of an OCM that the field prevents from being installed.</param>
public sealed record ConfigIssue(string Path, string Detail, OcmState State = OcmState.ProviderConfigInvalid)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path} {Detail}";
}
