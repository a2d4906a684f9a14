using System.Text.RegularExpressions;
using Mono.Cecil;

namespace ServiceProviderOcm.Tests.Architecture;

/// <summary>
/// The compiler inlines constants, enum members and <c>nameof</c>, which leaves no reference in the assembly. They are searched for in the
/// sources: a type's name before one of its constants, in a file that can see the type's namespace.
/// </summary>
internal sealed partial class InlinedReferences
{
    private readonly ILookup<string, (SourceType Type, string Namespace, IReadOnlySet<string> Constants)> _types;

    public InlinedReferences(IEnumerable<string> assemblies)
    {
        _types = assemblies.SelectMany(Types).ToLookup(type => type.Name, type => (type.Type, type.Namespace, type.Constants));
    }

    public IEnumerable<TypeUse> In(SourceFile file)
    {
        var visible = Visible(file);
        var constants = Qualified().Matches(file.Text)
            .Select(match => (Type: match.Groups["type"].Value, Member: match.Groups["member"].Value))
            .SelectMany(name => _types[name.Type]
                .Where(type => type.Constants.Contains(name.Member) && visible.Contains(type.Namespace))
                .Select(type => (type.Type, Where: $"{name.Type}.{name.Member}")));
        var names = NameOf().Matches(file.Text)
            .SelectMany(match => _types[match.Groups["type"].Value]
                .Where(type => visible.Contains(type.Namespace))
                .Select(type => (type.Type, Where: match.Value)));
        var imported = file.Imports
            .SelectMany(import => _types[import.Split('.')[^1]]
                .Where(type => import == $"{type.Namespace}.{type.Type.Name}")
                .Select(type => (type.Type, Where: $"using {import}")));
        return constants.Concat(names).Concat(imported)
            .Where(use => use.Type != file.Type)
            .Select(use => new TypeUse(file.Type, use.Type, use.Where));
    }

    private static HashSet<string> Visible(SourceFile file)
    {
        var visible = file.Imports.ToHashSet();
        for (var space = file.Namespace ?? ""; space.Length > 0; space = space[..Math.Max(space.LastIndexOf('.'), 0)])
        {
            visible.Add(space);
        }

        return visible;
    }

    private static IReadOnlyList<(string Name, SourceType Type, string Namespace, IReadOnlySet<string> Constants)> Types(string assembly)
    {
        using var module = AssemblyFile.Read(assembly);
        return
        [
            .. from type in module.Types
               let top = SourceType.Of(type.Namespace, type.Name)
               where top is not null
               from part in type.NestedTypes.Prepend(type)
               select (part.Name.Split('`')[0], top, type.Namespace, Constants(part)),
        ];
    }

    private static IReadOnlySet<string> Constants(TypeDefinition type) =>
        type.Fields.Where(field => field.IsLiteral).Select(field => field.Name).ToHashSet();

    [GeneratedRegex(@"\b(?<type>[A-Z]\w*)(?=\.(?<member>[A-Z]\w*))")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"\bnameof\((?<type>[A-Z]\w*)")]
    private static partial Regex NameOf();
}
