namespace ServiceProviderOcm.Packaging.Documents;

/// <summary>The OCM component's constructor, with its variables set.</summary>
public static class ComponentConstructor
{
    /// <param name="template">The content of <c>deploy/component-constructor.yaml</c>.</param>
    /// <param name="variables">The values by name.</param>
    /// <exception cref="InvalidDataException">A variable of the template has no value.</exception>
    public static string Fill(string template, IReadOnlyDictionary<string, string> variables)
    {
        var text = variables.Aggregate(
            template, (filled, variable) => filled.Replace($"${{{variable.Key}}}", variable.Value, StringComparison.Ordinal));
        var open = text.IndexOf("${", StringComparison.Ordinal);
        return open < 0 ? text : throw new InvalidDataException($"{text[open..(text.IndexOf('}', open) + 1)]} has no value");
    }
}
