namespace ServiceProviderOcm.Tests.Bench.Compare;

/// <summary>The part of a Markdown document between two comments.</summary>
public static class MarkedSection
{
    /// <summary>The line before the part.</summary>
    public const string Begin = "<!-- scripts/compare: begin -->";

    /// <summary>The line after the part.</summary>
    public const string End = "<!-- scripts/compare: end -->";

    /// <summary>Replaces the part.</summary>
    /// <exception cref="InvalidOperationException">The document does not have both lines, once and in order.</exception>
    public static string Replace(string document, string content)
    {
        var begin = document.IndexOf(Begin, StringComparison.Ordinal);
        var end = document.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin || document.LastIndexOf(Begin, StringComparison.Ordinal) != begin
            || document.LastIndexOf(End, StringComparison.Ordinal) != end)
        {
            throw new InvalidOperationException($"The document must have the lines {Begin} and {End}, once and in this order");
        }

        return $"{document[..(begin + Begin.Length)]}\n\n{content}\n\n{document[end..]}";
    }
}
