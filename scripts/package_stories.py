"""What scripts/test-packages does with each package: what the README of each says, for its example."""

# Where each example finds what it sends, from the unpacked package of the platform on; the document's name follows.
SENT = "sandbox/client.json examples/contract.pdf"
REST = '"$ADDRESS" examples/material.png 3 4'

# What the README of each package says, for its example; the programs that this needs; the documents that come back.
LANGUAGES = {
    "dotnet": (["dotnet"], ["signed.pdf"], rf"""
        cat >nuget.config <<XML
<configuration><packageSources><add key="here" value="$PACKAGES" /></packageSources></configuration>
XML
        export NUGET_PACKAGES=$PWD/nuget-packages
        dotnet run --project examples/dotnet --verbosity quiet -- {SENT} signed.pdf {REST}
        # The test that docs/testing.md shows, with a sandbox of its own.
        mkdir tests
        sed -n '/^<!-- .sandbox_dotnet. -->$/,/^<!-- ..sandbox_dotnet. -->$/p' docs/testing.md | sed '/^<!--/d; /^```/d' \
            >tests/ContractTests.cs
        cat >tests/Contracts.cs <<CSHARP
using WoSignDoc;

namespace Shop.Tests;

internal static class Contracts
{{
    internal static SignOrder New(string number)
    {{
        DocumentSource scan = DocumentSource.FromFile("$PWD/examples/material.png");
        Signer person = Signer.Person("李明", "11010519491231002X");
        person.Material = scan;
        person.OtherMaterial = scan;
        person.Boxes.Add(new SignatureBox(4, 0.56, 0.62, 0.70, 0.719));
        return new SignOrder(number) {{ Document = DocumentSource.FromFile("$PWD/examples/contract.pdf"), Signers = {{ person }} }};
    }}
}}
CSHARP
        cat >tests/tests.csproj <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><Nullable>enable</Nullable></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="WoSignDoc.Testing" Version="$VERSION" />
    <PackageReference Include="Microsoft.NET.Test.Sdk" Version="17.14.1" />
    <PackageReference Include="NUnit" Version="4.4.0" />
    <PackageReference Include="NUnit3TestAdapter" Version="5.2.0" />
  </ItemGroup>
</Project>
XML
        WOSIGNDOC_SERVER=$PWD/wosigndoc-server dotnet test tests --nologo --logger "console;verbosity=normal" >tests.log || {{
            cat tests.log
            exit 1
        }}
        grep -q '^ *Passed: 3$' tests.log
        """),
    "java": (["java", "javac", "mvn"], ["signed.pdf"], rf"""
        for name in wosigndoc wosigndoc-testing; do
            mvn -B -q org.apache.maven.plugins:maven-install-plugin:3.1.3:install-file -DlocalRepositoryPath="$PWD/repository" \
                -Dfile="$PACKAGES/$name-$VERSION.jar" -DpomFile="$PACKAGES/$name-$VERSION.pom"
        done
        cat >pom.xml <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>empty</groupId><artifactId>project</artifactId><version>1</version>
  <repositories><repository><id>here</id><url>file://$PWD/repository</url></repository></repositories>
  <dependencies>
    <dependency><groupId>com.wosigndoc</groupId><artifactId>wosigndoc</artifactId><version>$VERSION</version></dependency>
    <dependency>
      <groupId>com.wosigndoc</groupId><artifactId>wosigndoc-testing</artifactId><version>$VERSION</version><scope>test</scope>
    </dependency>
    <dependency>
      <groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.14.4</version><scope>test</scope>
    </dependency>
  </dependencies>
  <properties>
    <maven.compiler.release>8</maven.compiler.release><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <build><plugins>
    <plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version></plugin>
    <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.13.0</version></plugin>
    <plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.2</version></plugin>
  </plugins></build>
</project>
XML
        resolve() {{
            mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath -Dmdep.outputFile=classpath
            found=$(tr : '\n' <classpath | grep "/$1-$VERSION.jar$")
        }}
        for name in wosigndoc wosigndoc-testing; do
            resolve $name
            # Maven keeps a version that it has seen, and does not look again.
            if ! cmp -s "$found" "$PACKAGES/$name-$VERSION.jar"; then
                rm -r "$(dirname "$found")"
                resolve $name
            fi
            cmp "$found" "$PACKAGES/$name-$VERSION.jar"
        done
        mkdir classes
        javac -cp "$(cat classpath)" -d classes examples/java/SignContract.java
        java -cp "classes:$(cat classpath)" SignContract {SENT} signed.pdf {REST}
        # The test that docs/testing.md shows, with a sandbox of its own.
        mkdir -p src/test/java
        sed -n '/^<!-- .test. -->$/,/^<!-- ..test. -->$/p' docs/testing.md | sed '/^<!--/d; /^```/d; s|../../examples|examples|' \
            >src/test/java/ContractTest.java
        WOSIGNDOC_SERVER=$PWD/wosigndoc-server mvn -B -q test
        grep -q 'tests="3" errors="0" skipped="0" failures="0"' target/surefire-reports/TEST-ContractTest.xml
        """),
    "php": (["php", "unzip"], ["signed.pdf"], rf"""
        unzip -q "$PACKAGES/wosigndoc-php-$VERSION.zip"
        # With what lies beside the example, its scan too.
        php wosigndoc/examples/sign_contract.php sandbox/client.json wosigndoc/examples/contract.pdf signed.pdf "$ADDRESS"
        """),
    "php by Composer": (["php", "composer", "phpunit"], ["signed.pdf"], rf"""
        cat >composer.json <<JSON
{{"require": {{"wosigndoc/wosigndoc": "$VERSION"}}, "require-dev": {{"wosigndoc/testing": "$VERSION"}},
  "repositories": [{{"type": "artifact", "url": "$PACKAGES"}}, {{"packagist.org": false}}]}}
JSON
        COMPOSER_ALLOW_SUPERUSER=1 COMPOSER_HOME=$PWD/home composer install --quiet --no-interaction
        # As the README says, but for a port that may be taken here.
        order=$(sed -n 's#^php /path/to/site/\(.*\) 127.0.0.1:9000$#php \1#p' vendor/wosigndoc/wosigndoc/README.md)
        $order "$ADDRESS"
        # A site's own test, with a platform of its own.
        PATH=$PWD:$PATH phpunit --do-not-cache-result --bootstrap vendor/autoload.php vendor/wosigndoc/testing/examples/ContractTest.php
        """),
    "c": (["cc", "pkg-config"], ["signed.pdf", "signed-static.pdf", "signed-alone.pdf"], rf"""
        mkdir c
        tar -C c --strip-components=1 -xzf "$PACKAGES/wosigndoc-c-$VERSION-$PLATFORM.tar.gz"
        export PKG_CONFIG_PATH=$PWD/c/lib/pkgconfig
        here=$PWD
        doc=$here/c/share/doc/wosigndoc
        # As the example itself says.
        (cd "$doc/examples/c" && eval "$(sed -n "s#PACKAGE#$here/c#g; s#^ \*     \(cc .*\)#\1#p" sign_contract.c)")
        "$doc/examples/c/sign_contract" {SENT} signed.pdf {REST}
        rm c/lib/*.so*
        cc "$doc/examples/c/sign_contract.c" $(pkg-config --static --cflags --libs wosigndoc) -o static
        # With the files of this package, found from the folder in which it runs.
        (cd "$doc" && "$here/static" "$here/sandbox/client.json" examples/contract.pdf "$here/signed-static.pdf" "$ADDRESS")
        # Without any shared library, the system's either.
        cc -static "$doc/examples/c/sign_contract.c" $(pkg-config --static --cflags --libs wosigndoc) -o alone
        ./alone {SENT} signed-alone.pdf {REST}
        """),
}
