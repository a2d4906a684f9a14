using Mono.Cecil;

namespace ServiceProviderOcm.Tests.Architecture;

/// <summary>Reads from a compiled assembly which types use which. What the compiler inlines is not there: see <see cref="InlinedReferences"/>.</summary>
internal static class CompiledReferences
{
    public static IReadOnlyList<TypeUse> Of(string assembly)
    {
        using var module = AssemblyFile.Read(assembly);
        var project = module.Assembly.Name.Name.Split('.')[^1];
        var uses = new Dictionary<(SourceType, SourceType), TypeUse>();
        foreach (var type in module.Types)
        {
            if (TopLevel(type, project) is not { } user)
            {
                continue;
            }

            foreach (var (used, where) in TypeReferences.Of(type))
            {
                if (SourceType.Of(used.Namespace, used.Name) is { } other && other != user)
                {
                    uses.TryAdd((user, other), new TypeUse(user, other, where));
                }
            }
        }

        return [.. uses.Values];
    }

    // top-level statements become a type without a namespace
    private static SourceType? TopLevel(TypeDefinition type, string project) =>
        type is { Namespace: "", Name: "Program" } ? new SourceType(project, type.Name) : SourceType.Of(type.Namespace, type.Name);
}
