namespace ServiceProviderOcm.Sandbox.Serving;

/// <summary>A column in <c>kubectl get</c>.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Type">Such as <c>string</c> or <c>date</c>; dates are shown as ages.</param>
/// <param name="Path">The JSON path of its content.</param>
/// <param name="Priority">0: always shown; more: with <c>-o wide</c>.</param>
/// <param name="Description">For whoever asks.</param>
/// <param name="Format">Such as <c>name</c>; may be empty.</param>
internal sealed record PrinterColumn(
    string Name, string Type, string Path, int Priority = 0, string Description = "", string Format = "")
{
    /// <summary>Its content as text with paths in braces, in place of <see cref="Path"/>; null where the path says it all.</summary>
    public string? Text { get; init; }
}
