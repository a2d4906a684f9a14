namespace ServiceProviderOcm.Core.Kubernetes.Yaml;

/// <summary>A place in what people have written, as compilers name it.</summary>
/// <param name="File">The name of the file, as given by the caller.</param>
/// <param name="Line">Counted from 1.</param>
public readonly record struct SourcePosition(string File, long Line)
{
    /// <summary><c>file:line</c>.</summary>
    public override string ToString() => $"{File}:{Line}";
}
