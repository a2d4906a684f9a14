namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>What is accepted in a catalogue, but should be fixed. Pure functions.</summary>
internal static class CatalogWarnings
{
    /// <summary>The warnings, by the entries' order.</summary>
    public static IEnumerable<ConfigIssue> Of(IReadOnlyList<CatalogEntry> catalog) =>
        from indexed in catalog.Index()
        let replacement = indexed.Item.Deprecation?.Replacement ?? ""
        where replacement.Length > 0 && (replacement == indexed.Item.Version || catalog.All(entry => entry.Version != replacement))
        select new ConfigIssue(
            $"spec.versions[{indexed.Index}].deprecated.replacement",
            $"{ConfigValue.Quoted(replacement)}is not another version of spec.versions");
}
