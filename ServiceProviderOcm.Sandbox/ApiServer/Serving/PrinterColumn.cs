namespace ServiceProviderOcm.Sandbox.ApiServer.Serving;

/// <summary>A column of <c>kubectl get</c>.</summary>
/// <param name="Name">The heading.</param>
/// <param name="Type">Such as <c>string</c> or <c>date</c>; dates are shown as ages.</param>
/// <param name="Path">The JSON path of the value.</param>
/// <param name="Priority">0: always shown; more: with <c>-o wide</c>.</param>
/// <param name="Description">What the column means.</param>
/// <param name="Format">Such as <c>name</c>; may be empty.</param>
internal sealed record PrinterColumn(
    string Name, string Type, string Path, int Priority = 0, string Description = "", string Format = "")
{
    /// <summary>Whether the cell shows the number of entries of the value instead of the value.</summary>
    public bool IsCount { get; init; }
}
