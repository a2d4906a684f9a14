namespace ServiceProviderOcm.Core.Model.Configuration;

/// <summary>What is accepted in a catalogue, but should be fixed. Pure functions.</summary>
internal static class CatalogWarnings
{
    /// <summary>The warnings, by the entries' order.</summary>
    public static IEnumerable<ConfigIssue> Of(IReadOnlyList<CatalogEntry> catalog)
    {
        foreach (var (index, entry) in catalog.Index().Where(each => each.Item.Source.Errors.Count == 0))
        {
            var path = $"spec.versions[{index}]";
            if (catalog.Take(index).Any(other => other.Version == entry.Version))
            {
                yield return new ConfigIssue($"{path}.version", $"{ConfigValue.Quoted(entry.Version)}is in spec.versions before, and the first one counts");
            }

            if (entry.Digest.Length == 0 && OciTag.IsMoving(entry.Tag))
            {
                yield return new ConfigIssue(
                    $"{path}.chartVersion",
                    $"{ConfigValue.Quoted(entry.Tag)}is a moving tag: all OCMs with this version are upgraded whenever the tag is moved. Set "
                        + "chartDigest, or a full chart version");
            }

            var replacement = entry.Deprecation?.Replacement ?? "";
            if (replacement.Length > 0 && (replacement == entry.Version || catalog.All(other => other.Version != replacement)))
            {
                yield return new ConfigIssue(
                    $"{path}.deprecated.replacement", $"{ConfigValue.Quoted(replacement)}is not another version of spec.versions");
            }
        }
    }
}
